"""What people did, saw and gave as their reason, and what is kept about each of them."""
