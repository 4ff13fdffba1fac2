"""What the house promises, shown by example; mirrors the code."""
