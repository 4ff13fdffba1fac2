"""The planner beside what others have published and what others would plan, every figure checked independently.

files.py finds the documents; hhcrsp.py and days.py turn them into the planner's arrays, and its answers into
documents; checks.py and replay.py judge those, and share no code with the planner; peers.py and simple.py are other
ways to plan a day, dynamic.py drives one that fills while it runs, made_up.py invents one; runs.py does the measuring,
tables.py and pictures.py are what is shown.
"""
