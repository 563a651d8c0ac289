"""The robot: carries call attempts to a telephony engine and events back."""
