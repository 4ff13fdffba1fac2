"""Who can be sent: social workers, their skills, shifts, leave and position on duty."""
