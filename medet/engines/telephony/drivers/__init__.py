"""Drivers, one folder each; named in the settings by dotted path and imported by nobody else."""
