"""People who sign in, and what each is to the platform."""
