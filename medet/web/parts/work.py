"""Whether the reader is on shift: the pill of the user's menu, and the buttons that begin and end a shift."""

from datetime import datetime

from django.utils.translation import gettext as _

from medet.base import wording
from medet.staff.models import User
from medet.staff.queries import roles_of
from medet.staff.rota.queries import duty_of, running_shift
from medet.staff.rota.states import ROSTERED
from medet.web.parts.shapes import Pill, WorkMenu


def work_menu(user: User, *, now: datetime) -> WorkMenu | None:
    """Nothing for who does not work in shifts."""
    roles = {held.role for held in roles_of(user, now=now)}
    if not roles & set(ROSTERED):
        return None
    shift = running_shift(user.pk)
    if shift:
        words = _("On shift since %(time)s") % {"time": wording.near(shift.started_at, now=now)}
        return WorkMenu(Pill("green", "circle-check", words), True)
    duty = duty_of(user.pk, now=now)
    if duty:
        words = _("On duty from %(time)s") % {"time": wording.near(duty.starts_at, now=now)}
        return WorkMenu(Pill("amber", "clock", words), False)
    return WorkMenu(Pill("grey", "circle", _("Not on shift")), False)
