"""Whether the reader is on shift: the pill of the user's menu, and the buttons that begin and end a shift."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from medet.base import wording
from medet.staff.models import RoleAt, User
from medet.staff.rota.queries import running_shift
from medet.staff.rota.states import ROSTERED
from medet.web.parts.shapes import Pill, WorkMenu


def work_menu(user: User, held: Iterable[RoleAt], *, now: datetime) -> WorkMenu | None:
    """Nothing for who does not work in shifts; one query a page."""
    if not {row.role for row in held} & set(ROSTERED):
        return None
    shift = running_shift(user.pk)
    if shift:
        words = _("On shift since %(time)s") % {"time": wording.near(shift.started_at, now=now)}
        return WorkMenu(Pill("green", "circle-check", words), True)
    return WorkMenu(Pill("grey", "circle", _("Not on shift")), False)
