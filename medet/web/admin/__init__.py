"""The administrator's desk: the installation's state, organisations, users, the telephone, recordings, limits."""
