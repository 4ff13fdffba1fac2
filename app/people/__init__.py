"""Who they are: residents, their phones and relatives, and the staff with their roles."""
