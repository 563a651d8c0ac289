"""Lists of patients given as files: a day's PCR list becomes people, cases and observations, row by row."""
