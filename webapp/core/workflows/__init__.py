"""The steps that things may take, and the buttons and pages that ask for one too late."""
