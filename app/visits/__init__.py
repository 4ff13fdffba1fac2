"""The home visit: who is sent, asked, announced, and proves himself at the door."""
