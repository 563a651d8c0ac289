"""Template tags, built in on every page (settings.TEMPLATES)."""
