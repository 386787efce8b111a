"""Entries of a profile written many at a time, by hand or out of a curriculum vitae.

A file becomes text in a bounded process of its own, text becomes pieces beside the lines they were
found in, and what the expert accepts of them becomes entries of the profile by its own operations.
"""
