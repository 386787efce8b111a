"""Texts, days, numbers and names as people write and read them, in their language."""
