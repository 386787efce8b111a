"""Matches: experts ranked, invited, approved and proposed for a request for expertise."""
