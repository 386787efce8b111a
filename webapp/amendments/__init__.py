"""Changes of accepted terms of reference: one side proposes them, the other agrees or refuses."""
