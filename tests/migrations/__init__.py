"""Migrations and models say the same."""
