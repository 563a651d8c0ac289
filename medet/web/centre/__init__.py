"""The centre's own pages, for those who lead it."""
