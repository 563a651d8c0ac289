"""Calls of the robot to colleagues: "ring me now" of who sets the trunk up, and a clinic's telephone on duty."""
