"""Loops of step() -> bool: planner, clocks, sealing."""
