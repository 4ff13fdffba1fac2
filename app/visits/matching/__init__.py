"""Who is sent, and why: pure. A problem goes in as a value; proposals with prices and everybody's reasons come out.

problem.py is the input (plain JSON both ways, so that a stored decision can be replayed), hard_rules.py what nobody may
break, schedule.py when a worker could be there, costs.py what it costs in seconds, insertion.py the planner.
"""
