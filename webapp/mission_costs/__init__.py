"""What missions cost, planned and actual, and who pays; no accounts are kept here."""
