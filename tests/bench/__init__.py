"""Speed and size: `make bench-<name>` writes a table to docs/figures/."""
