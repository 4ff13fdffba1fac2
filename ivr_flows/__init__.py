"""Call flows as data, and the pure engine that walks them: flow + state + input gives state + steps + events."""
