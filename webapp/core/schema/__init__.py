"""How a database that holds data comes to the form that this code needs."""
