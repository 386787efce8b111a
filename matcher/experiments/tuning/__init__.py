"""How the numbers of the ranking were chosen and what each mechanism brings; for the notebooks and
for whoever wants to know it of other data. The ranking itself does not need this package."""
