"""Users, their roles at organisations, and what a role may do."""
