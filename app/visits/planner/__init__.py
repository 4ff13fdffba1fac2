"""Who visits whom, when: the planner, pure and compiled. No database, no names, no clock but that which ends a search.

instance.py is the input as arrays; day.py and changes.py the state and how it changes; timing.py when everybody is
where; insertion.py the cheapest place for a task; moves.py and ruin.py the steps; anneal.py the loop over them;
repair.py what is given up in the end; search.py the recipe and the limits of time; team.py several searches at
once; timetable.py given routes with their times; warm.py has all compiled beforehand. docs/planner.md tells the whole.
"""
