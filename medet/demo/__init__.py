"""A made-up city with synthetic patients who own real SIP phones."""
