"""Who goes together: a team for one request under quotas, and experts for several requests."""
