"""What every package of the platform builds on."""
