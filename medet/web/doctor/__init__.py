"""The centre doctor's desk: worsening patients first, conclusion by keys."""
