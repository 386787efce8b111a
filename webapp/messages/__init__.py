"""Messages that leave the platform: an outbox written with the change, delivered by a job."""
