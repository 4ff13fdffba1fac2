"""What can be ordered: service items in two levels and their clocks."""
