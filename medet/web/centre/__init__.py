"""The centre's own pages: reports, the rota, one's shifts, and the end of a shift."""
