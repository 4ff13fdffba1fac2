"""The planner's core against plain sums, brute force and other planners; the checker against broken solutions."""
