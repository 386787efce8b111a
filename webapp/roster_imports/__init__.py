"""A roster that was kept elsewhere: read from a table, checked, put on the roster, and undone."""
