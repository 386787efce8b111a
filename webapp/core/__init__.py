"""What every room of the platform stands on."""
