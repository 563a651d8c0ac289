"""How fast and how large: `make bench-<room>` prints a table and keeps it in docs/figures."""
