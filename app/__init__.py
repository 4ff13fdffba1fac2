"""Doorline: from a phone call to a knock on the door."""
