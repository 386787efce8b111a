"""Themes of expertise: the platform's controlled vocabulary of what experts can help with."""
