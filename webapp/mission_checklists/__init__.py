"""Checklists: what a mission needs before it can go, who sees to it, and by when."""
