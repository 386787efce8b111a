"""What everybody can do with the data that is kept about them: read a copy, and have it erased."""
