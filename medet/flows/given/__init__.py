"""Lists of organisations and of users given as files: read, shown with what is wrong, and only then written."""
