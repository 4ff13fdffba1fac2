"""A week of the sample district, driven twice through the real services from the same seed: first dispatch, planner.

lots.py and calls.py are the world, drawn beforehand; time.py, doorbell.py and stage.py carry the product through it;
residents.py, workers.py and dispatcher.py are its people; counting.py reads the outcome from the database.
"""
