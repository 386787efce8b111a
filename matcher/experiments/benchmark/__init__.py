"""Measure the matcher beside others."""
