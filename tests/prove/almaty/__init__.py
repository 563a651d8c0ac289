"""The period of the first source: Almaty's telemedicine centre, 01.11-20.12.2020, to the unit."""
