"""The selects of the statistics: each counts in the database and brings numbers and codes."""
