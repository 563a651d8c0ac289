"""People who were searched for, as a list of the desk. The search goes to the audit, its words do not.

The words are a patient's name or number: they are posted and kept in the session, enciphered as in the tables, and an
address names them by a key that says nothing. Each tab keeps its own search.
"""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import audit, secret, wording
from medet.people.models import Person
from medet.people.queries import search
from medet.web.asked import Asked
from medet.web.parts.people import short_age, short_name
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Pill, Queue, QueueRow

MOST = 30
KEPT, LONGEST = 8, 80
SESSION, ADDRESS = "searches", "find"


@dataclass(frozen=True)
class Search:
    """What was searched for, and the key that stands for it in addresses."""

    key: str = ""
    words: str = ""


NO_SEARCH = Search()


def search_posted(request: Asked, desk: str) -> HttpResponse:
    """Keeps the words and leads to the list; no words are the whole list again."""
    words, url = request.POST.get("q", "").strip()[:LONGEST], reverse(desk)
    if not words:
        return redirect(url)
    key = token_hex(6)
    kept = [*request.session.get(SESSION, {}).items(), (key, secret.encrypt(words).hex())]
    request.session[SESSION] = dict(kept[-KEPT:])
    return redirect(f"{url}?{ADDRESS}={key}")


def search_of(request: Asked) -> Search:
    """The search that the address names; one that is not kept any more is none."""
    key = request.GET.get(ADDRESS, "")
    kept = request.session.get(SESSION, {}).get(key)
    return Search(key, secret.decrypt(bytes.fromhex(kept))) if kept else NO_SEARCH


def found(request: Asked, text: str, *, person: UUID | None, url_of: Callable[[Person], str]) -> Queue:
    """Up to thirty people; a narrower word finds the others."""
    people = list(search(text, by=request.actor, now=request.now)[:MOST])
    if request.htmx.target != "queue":
        # A list that only asks for itself again is no new search.
        audit.record(by=request.actor, now=request.now, action="search", found=len(people))
    seen(request, [row.pk for row in people], desk="search")
    return Queue(
        title=_("Found: %(count)d") % {"count": len(people)},
        rows=[_row(row, request, url_of(row), current=row.uid == person) for row in people],
        empty=_("Nobody of this name or number is in the care of your organisation."),
        start_url=reverse(request.resolver_match.namespace + ":desk") if request.resolver_match else "",
    )


def _row(person: Person, request: Asked, url: str, *, current: bool) -> QueueRow:
    born = person.birth_date
    return QueueRow(
        uid=str(person.uid),
        url=url,
        name=short_name(person),
        age=short_age(person, now=request.now),
        band=Pill("grey", "user", _("Person")),
        reason=_("born %(day)s") % {"day": wording.day(born)} if born else _("birth date not known"),
        current=current,
    )
