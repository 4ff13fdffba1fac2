"""Residents, staff, names, access."""
