"""Campaigns: who is rung in one run, and the switch that stops it."""
