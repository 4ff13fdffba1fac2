"""The embedded servers start, persist and go away."""
