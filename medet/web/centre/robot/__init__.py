"""The supervisor's page of robot calls: who is rung and why, how far it is, and the keys that start and stop it."""
