"""Who was shown in a list goes to the audit; a list that refreshes itself adds only those who are new in it."""

from collections.abc import Iterable

from medet.people.queries import seen_in_list
from medet.web.asked import Asked


def seen(request: Asked, people: Iterable[int], *, desk: str) -> None:
    """Notes the persons of a list that this session was not shown a moment ago."""
    key, now_shown = f"seen-{desk}", sorted(set(people))
    before = set(request.session.get(key, ())) if request.htmx.target in ("queue", "main", "calls") else set()
    seen_in_list(people=set(now_shown) - before, by=request.actor, now=request.now, desk=desk)
    # Saved only when it is news: a list that refreshes itself must not write over a search posted at the same moment.
    if request.session.get(key) != now_shown:
        request.session[key] = now_shown
