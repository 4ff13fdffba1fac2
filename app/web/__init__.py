"""Pages and webhooks, by audience."""
