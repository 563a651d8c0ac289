"""What somebody did today, for their own eyes."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from medet.base.actor import Actor
from medet.base.clock import midnight
from medet.contacts.models import Contact
from medet.contacts.states import ContactOutcome
from medet.tasks.models import Task
from medet.tasks.states import TaskState
from medet.web.asked import Asked


def own_today(request: Asked) -> str:
    """`Today: 12 conversations · 3 nobody answered · 9 tasks done`; empty before the first."""
    spoken, vain = _calls(request.actor, request)
    closed = Task.objects.filter(closed_by_id=request.actor.user_id, closed_at__gte=midnight(request.now))
    done = closed.filter(state=TaskState.DONE).count()
    if not spoken + vain + done:
        return ""
    parts = {"spoken": spoken, "vain": vain, "done": done}
    return _("Today I: %(spoken)d spoken with, %(vain)d not reached, %(done)d tasks done") % parts


def _calls(actor: Actor, request: Asked) -> tuple[int, int]:
    vain = Q(outcome=ContactOutcome.NOT_REACHED)
    own = Contact.objects.filter(by_user_id=actor.user_id, started_at__gte=midnight(request.now))
    counted = own.aggregate(spoken=Count("pk", filter=~vain), vain=Count("pk", filter=vain))
    return counted["spoken"], counted["vain"]
