"""The supervisor: real servers, real kills."""
