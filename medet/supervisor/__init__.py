"""Starts PostgreSQL and the processes of Medet; knows nothing of the product."""
