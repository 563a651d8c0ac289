"""Protocols and drivers of the outside world."""
