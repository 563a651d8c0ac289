"""Task: the only thing with an owner and a deadline."""
