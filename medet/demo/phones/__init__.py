"""The telephones of the made-up city: one process that is the whole telephone network behind the demo's trunk."""
