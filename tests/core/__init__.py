"""The ground: time, settings, secrets, database, moves, phones."""
