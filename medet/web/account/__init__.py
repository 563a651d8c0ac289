"""Sign-in and the signed-in person's own settings."""
