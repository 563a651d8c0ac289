"""The person's card and timeline, shared by the desks."""
