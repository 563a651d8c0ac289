"""Server-sent events fed by LISTEN/NOTIFY."""
