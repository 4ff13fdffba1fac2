"""The demo: starts everything on one machine and plays people; it may only dial, press, speak, text, click and read."""
