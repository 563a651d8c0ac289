"""Persons and who they really are, their phones, addresses, households, representatives and consents."""
