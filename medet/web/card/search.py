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

from medet.base import secret
from medet.people.find import find_people
from medet.people.models import Person
from medet.people.search import search_people
from medet.web.asked import Asked
from medet.web.card.hits import rows_of
from medet.web.parts.seen import seen
from medet.web.parts.shapes import Queue

PAGE = 20
KEPT, LONGEST = 8, 80
SESSION, ADDRESS = "searches", "find"


@dataclass(frozen=True)
class Search:
    """What was searched for, the key that stands for it in addresses, and the person after whom the page begins."""

    key: str = ""
    words: str = ""
    after: UUID | None = None


NO_SEARCH = Search()


def search_posted(request: Asked, desk: str) -> HttpResponse:
    """Counts and audits the search, keeps its words and leads to the list; no words are the whole list again."""
    words, url = request.POST.get("q", "").strip()[:LONGEST], reverse(desk)
    if not words:
        return redirect(url)
    search_people(words, by=request.actor, now=request.now, size=1)
    key = token_hex(6)
    kept = [*request.session.get(SESSION, {}).items(), (key, secret.encrypt(words).hex())]
    request.session[SESSION] = dict(kept[-KEPT:])
    return redirect(f"{url}?{ADDRESS}={key}")


def search_of(request: Asked) -> Search:
    """The search that the address names; one that is not kept any more is none."""
    key = request.GET.get(ADDRESS, "")
    kept = request.session.get(SESSION, {}).get(key)
    after = _uid(request.GET.get("after", ""))
    return Search(key, secret.decrypt(bytes.fromhex(kept)), after) if kept else NO_SEARCH


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def found(
    request: Asked,
    search: Search,
    *,
    person: UUID | None,
    url_of: Callable[[Person], str],
    page_of: Callable[[str], str],
) -> Queue:
    """A page of the people found; `page_of` is the address of the page after a person, or of the first one."""
    hits = find_people(search.words, by=request.actor, now=request.now, size=PAGE, after=search.after)
    seen(request, [row.pk for row in hits.people], desk="search")
    return Queue(
        title=_("Found: %(count)s") % {"count": f"{hits.total}+" if hits.cut else hits.total},
        rows=rows_of(hits, current=person, url_of=url_of),
        empty=_("Nobody of this name or number is in the care of your organisation."),
        note=_("Too many to list all. Add a given name or the year of birth.") if hits.cut else "",
        found=True,
        more_url=page_of(str(hits.after)) if hits.after else "",
        start_url=page_of("") if search.after else "",
    )
