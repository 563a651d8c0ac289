"""Pages for people, one folder a desk."""
