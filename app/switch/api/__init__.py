"""The switch's own interface: lines, texts, faults and logs over plain HTTP, as README.md beside says."""
