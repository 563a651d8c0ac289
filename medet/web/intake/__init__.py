"""The centre's desk for lists: a file is given, looked at, taken in, and its doubtful rows are decided."""
