"""What whoever runs the platform learns of it: figures, the log of requests, room on the disk."""
