"""Items, calendar, clocks."""
