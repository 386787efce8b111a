"""Organisations: ministries, UNDP offices and others for whom people act on the platform."""
