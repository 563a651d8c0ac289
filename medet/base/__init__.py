"""Identifiers, names, time, journal, audit, evidence, policy parameters and refusals: what every room stands on."""
