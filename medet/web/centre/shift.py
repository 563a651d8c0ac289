"""The beginning and the end of one's shift; at the end everything in hand is handed over."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medet.flows.hand_over_shift import Handed, hand_over_shift, receivers
from medet.staff.models import User
from medet.staff.rota.actions.shifts import start_shift
from medet.staff.rota.queries import running_shift
from medet.tasks.models import Task
from medet.tasks.queries import held_by
from medet.tasks.states import TaskKind
from medet.web.asked import Asked, came_from
from medet.web.centre.place import choices_of
from medet.web.centre.rota_forms import HandOverForm
from medet.web.moves import carried_out
from medet.web.parts.people import short_age, short_name
from medet.web.parts.reasons import programmes_of, reason_of
from medet.web.parts.seen import seen
from medet.web.parts.words import due_view

Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """What I hold, to be handed over; a shift begins and ends here."""
    move = request.POST.get("move", "")
    if request.method != "POST":
        return _page(request, _form(request))
    if move == "start":
        start_shift(by=request.actor, now=request.now)
        messages.success(request, _("Your shift has begun."))
        return redirect(came_from(request))
    if move == "end":
        return _end(request)
    raise Http404


def _end(request: Asked) -> HttpResponse:
    form = _form(request, request.POST)

    def move() -> None:
        hand_over_shift(handed=_handed(form, request), by=request.actor, now=request.now)

    if not form.is_valid() or not carried_out(form, move):
        return _page(request, form, status=422)
    messages.success(request, _("Your shift is over. Have a good rest."))
    return redirect("centre:shifts")


def _tasks(request: Asked) -> list[Task]:
    return list(held_by(request.actor.user_id))


def _form(request: Asked, posted: Any = None) -> HandOverForm:
    to = {task.uid.hex: [("", _("to the role")), *choices_of(_there(task, request))] for task in _tasks(request)}
    return HandOverForm(posted, receivers=to)


def _there(task: Task, request: Asked) -> list[User]:
    return receivers(task, by=request.actor, now=request.now)


def _handed(form: HandOverForm, request: Asked) -> dict[UUID, Handed]:
    """As the form says; who went home meanwhile is refused by the flow."""
    people = {str(user.uid): user for user in User.objects.filter(uid__in=_named(form))}
    data = form.cleaned_data
    return {UUID(key): Handed(data[f"note_{key}"], people.get(data[f"to_{key}"])) for key in form.keys}


def _named(form: HandOverForm) -> Sequence[str]:
    return [uid for key in form.keys if (uid := form.cleaned_data[f"to_{key}"])]


def _page(request: Asked, form: HandOverForm, status: int = 200) -> HttpResponse:
    tasks, shift = _tasks(request), running_shift(request.actor.user_id)
    seen(request, [task.person_id for task in tasks if task.person_id], desk="centre")
    programmes = programmes_of(tasks)
    rows = [
        {
            "name": _name(task, request),
            "reason": reason_of(task, programmes),
            "due": due_view(task.due_at, now=request.now),
            "to": form[f"to_{task.uid.hex}"],
            "note": form[f"note_{task.uid.hex}"],
        }
        for task in tasks
        if task.uid.hex in form.keys
    ]
    return render(request, "centre/shift.html", {"form": form, "tasks": rows, "shift": shift}, status=status)


def _name(task: Task, request: Asked) -> str:
    if task.person is None:
        return str(TaskKind(task.kind).label)
    return ", ".join(filter(None, (short_name(task.person), short_age(task.person, now=request.now))))
