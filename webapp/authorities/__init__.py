"""Nominating authorities: their own officials, whom they nominate, approve and release."""
