"""What every answer carries, and what it says when something was refused or broke."""
