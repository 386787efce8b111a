"""Whom to call in an emergency of a mission, and what its expert eats: for SEESAC, for a while."""
