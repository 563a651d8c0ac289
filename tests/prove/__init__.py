"""The long judges: each prints a table and writes it to docs/figures. A small form of each runs in `make test`."""
