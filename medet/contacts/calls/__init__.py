"""Calls: the wish to ring somebody, and each attempt to do it."""
