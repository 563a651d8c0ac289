"""Regions, districts, organisations and the catchment that says which clinic answers for an address."""
