"""Conversations and their legs: call attempts, calls, campaigns."""
