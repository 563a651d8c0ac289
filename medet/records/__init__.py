"""Clinical facts: cases, readings, conclusions, treatment and allergies."""
