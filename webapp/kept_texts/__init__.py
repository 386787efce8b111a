"""Text that was sent after its writer's session had ended: kept for an hour, for them alone."""
