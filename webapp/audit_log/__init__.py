"""The audit log as administrators read and verify it."""
