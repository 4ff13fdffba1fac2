"""Follow-ups and rates."""
