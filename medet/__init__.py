"""Medet: a self-hosted telemedicine platform."""
