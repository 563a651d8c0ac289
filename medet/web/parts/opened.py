"""Opening a person on a desk: the read is in the audit once, however often the open card refreshes itself."""

from uuid import UUID

from medet.base.refused import Refused
from medet.people.models import Person
from medet.people.queries import open_person, visible_to
from medet.web.asked import Asked

KEY = "open"


def opened(request: Asked, uid: UUID, *, desk: str) -> Person:
    """The person of a page; a card that only asks for itself again stays the same reading."""
    if request.htmx.target == "main" and request.session.get(KEY) == str(uid):
        person = visible_to(request.actor, now=request.now).filter(uid=uid).select_related("root").first()
        if person is None:
            raise Refused("person.not_visible")
        return person
    person = open_person(uid=uid, by=request.actor, now=request.now, why=desk)
    request.session[KEY] = str(uid)
    return person
