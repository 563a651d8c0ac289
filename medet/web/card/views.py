"""The whole timeline of a person, and the IIN in clear for who asks for it: both are reads that the audit keeps."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from medet.base import audit
from medet.people.queries import iin_of, open_person
from medet.web.asked import Asked, came_from
from medet.web.card.timeline import timeline

PAGE = 100


@require_safe
def history(request: Asked, uid: UUID) -> HttpResponse:
    """Everything that happened, page by page."""
    person = open_person(uid=uid, by=request.actor, now=request.now, why="timeline")
    before = request.GET.get("before", "")
    key = int(before) if before.isdecimal() and len(before) < 18 else None
    page = timeline(person, actor=request.actor, now=request.now, limit=PAGE, before=key)
    more = f"{reverse('card:timeline', args=[uid])}?before={page.before}" if page.before else ""
    context = {"person": person, "rows": page.rows, "more_url": more, "back": came_from(request)}
    return render(request, "card/timeline.html", context)


@require_safe
def number(request: Asked, uid: UUID) -> HttpResponse:
    """The whole IIN; asking for it is noted by itself."""
    person = open_person(uid=uid, by=request.actor, now=request.now, why="number")
    audit.record(
        by=request.actor, now=request.now, action="person.iin_shown", person_id=person.root_id, object_uid=person.uid
    )
    return render(request, "card/number.html", {"person": person, "iin": iin_of(person) or person.temporary_number})
