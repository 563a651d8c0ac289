"""Programmes as data, enrolments, due contacts, answers and alerts."""
