"""What a ranking of the last thousand loses when a search engine has cut all others off before."""
