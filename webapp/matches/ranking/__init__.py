"""The ranking of a request: the index of the roster, what a page shows, narrows and moves."""
