"""What every wing stands on: time, settings, database, queue, state changes, secrets, phone numbers."""
