"""Server-sent events fed by LISTEN/NOTIFY: open pages hear that something happened, ids only."""
