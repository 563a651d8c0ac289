"""The clinic's desk on a phone: home visits by due time."""
