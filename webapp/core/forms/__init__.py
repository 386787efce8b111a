"""Fields, forms and the steps that pages offer: what they take, refuse and show again."""
