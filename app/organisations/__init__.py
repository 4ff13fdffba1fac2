"""Organisations of the district that send workers."""
