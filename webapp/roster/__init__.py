"""The coordinators' roster: found by words and facets, exported, kept free of people twice."""
