"""The roster: experts, their profiles, evidence and availability."""
