"""Did it help: follow-ups and grades after the visit."""
