"""Deployments: selected experts on their missions, and the calendar of them."""
