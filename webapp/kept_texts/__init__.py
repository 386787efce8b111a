"""Text that was typed and not saved, or sent after its session had ended: kept for its writer."""
