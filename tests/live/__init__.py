"""Tests with real processes: PostgreSQL, worker, phone, the telephones of the made-up city, pages and browsers."""
