"""What administrators decide for the whole platform: periods, and who has to agree."""
