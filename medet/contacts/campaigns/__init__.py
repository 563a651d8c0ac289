"""Campaigns: who is rung in one run, and the switches that stop it."""
