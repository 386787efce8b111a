"""Requests for expertise: from a draft to accepted terms of reference."""
