"""The plan of a day: pure. The same problem as for a proposal goes in; what should change, with reasons, comes out.

crews.py is who works from when to when and from where, layout.py turns the problem into the search's arrays, plan.py
asks the search and says what it would change (changes.py), explaining.py gives the reasons, in matching's cost parts.
"""
