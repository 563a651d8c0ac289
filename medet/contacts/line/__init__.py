"""The centre's telephone line as data: the trunk, its test calls, and recordings of one's own."""
