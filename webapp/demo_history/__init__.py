"""A made-up history of the platform: requests, decisions and missions of the time before today.

`a_year.py` makes stories from a seed, which are plain descriptions. `playing.py` lets them happen
by the operations that people use, `in_bulk.py` writes what they come to (`outcomes.py`) at once.
"""
