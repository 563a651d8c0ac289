"""The centre's telephone line as data: the trunk, and recordings of one's own."""
