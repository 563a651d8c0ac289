"""The centre's own pages: rota, shifts, the end of a shift."""
