"""The room `staff`."""
