"""Insights: what requests and missions of a period come to, in numbers that name nobody."""
