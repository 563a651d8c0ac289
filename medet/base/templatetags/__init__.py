"""Template tags that every desk may use."""
