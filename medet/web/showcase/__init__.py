"""Every component and desk with made-up people and no database: for photographs, checks and whoever builds a page."""
