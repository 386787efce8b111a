"""Files and tables that people send, keep and take away."""
