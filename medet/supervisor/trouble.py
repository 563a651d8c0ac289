"""The one exception of the supervisor: a sentence for the person who started it, printed without a traceback."""


class Trouble(Exception):
    """Something the administrator can put right; the text says what."""
