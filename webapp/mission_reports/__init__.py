"""What both sides report of a mission."""
