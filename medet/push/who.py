"""Who opened a stream: the session of the pages, read anew while the stream is open; and whom an event concerns."""

from asgiref.sync import sync_to_async
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from medet.base.actor import Actor
from medet.base.clock import now
from medet.handovers.states import CENTRE, CLINIC
from medet.staff.models import User
from medet.staff.queries import actor_of
from medet.staff.shared.queries import let_through
from medet.staff.shared.rules import KEY, Kept
from medet.staff.states import Role


def actor_of_session(key: str | None) -> Actor | None:
    """The user of a session that holds now, with roles and organisations; None when there is none."""
    close_old_connections()
    try:
        session = SessionStore(key) if key else {}
        if BACKEND_SESSION_KEY not in session:
            return None
        user = User.objects.filter(pk=session[SESSION_KEY], is_active=True).first()
        # A changed password ends the streams of the old one, as it ends its pages.
        if user is None or not constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            return None
        actor = _let_through(actor_of(user, now=now()), Kept.of(session.get(KEY)))
        return actor if actor and actor.held else None
    finally:
        close_old_connections()


def _let_through(actor: Actor, kept: Kept | None) -> Actor | None:
    """The stream of a shared telephone ends when it locks, and hears no more than its pages show."""
    return let_through(actor, kept, now=now()) if kept else actor


# By the first word of the journal's kind. A home visit is the clinic's row; what it means for the centre is a task.
CONCERNS: dict[str, frozenset[str]] = {
    "home_visit": CLINIC,
    "task": CENTRE | CLINIC,
    "ring": frozenset({Role.SUPERVISOR}),  # every call begins with one: only the robot's own page counts them
    "user": frozenset(),
    "role": frozenset(),
    "device": frozenset(),
}


def concerned(kind: str) -> frozenset[str]:
    """The roles whose open desks an event may change, at the organisation where it happened."""
    return CONCERNS.get(kind.partition(".")[0], CENTRE)


who = sync_to_async(actor_of_session, thread_sensitive=False)
