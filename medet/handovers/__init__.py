"""Agreements between organisations: home visits first."""
