"""My shifts: what I am planned for, swaps with colleagues, and who is on duty now."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medet.flows.swaps import answer_swap, ask_colleague
from medet.staff.models import Duty, Swap, User
from medet.staff.queries import holders
from medet.staff.rota.coverage import duty_now
from medet.staff.rota.queries import duties, duties_of, swaps_seen_by
from medet.staff.rota.states import ROSTERED, SwapState
from medet.staff.states import Role
from medet.web.asked import Asked
from medet.web.centre import week
from medet.web.centre.place import choices_of
from medet.web.centre.rota_forms import SwapForm
from medet.web.moves import carried_out
from medet.web.parts.shapes import Action, Pill

Context = dict[str, Any]
AHEAD = timedelta(days=21)
ANSWERS = {"accept": SwapState.ACCEPTED, "refuse": SwapState.REFUSED, "withdraw": SwapState.WITHDRAWN}
SAID = {
    SwapState.ACCEPTED: lambda: _("The duty is swapped."),
    SwapState.REFUSED: lambda: _("You have declined; your colleague sees it."),
    SwapState.WITHDRAWN: lambda: _("The question is taken back."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """My duties; a swap is asked and answered here."""
    if request.method != "POST":
        return render(request, "centre/shifts.html", _context(request))
    move = request.POST.get("move", "")
    return _ask(request) if move == "ask" else _answer(request, move)


def _answer(request: Asked, move: str) -> HttpResponse:
    swap = next((swap for swap in _swaps(request) if str(swap.uid) == request.GET.get("question")), None)
    if swap is None or move not in ANSWERS:
        raise Http404
    answer_swap(swap=swap, to=ANSWERS[move], by=request.actor, now=request.now)
    messages.success(request, SAID[ANSWERS[move]]())
    return redirect("centre:shifts")


def _ask(request: Asked) -> HttpResponse:
    duty = _chosen(request)
    if duty is None:
        raise Http404
    form = _form(request, duty, request.POST)
    if form.is_valid():
        colleague = next(user for user in _others(request, duty) if str(user.uid) == form.cleaned_data["colleague"])
        wanted = form.cleaned_data["in_return"]
        theirs = next((row for row in _theirs(request, duty) if str(row.uid) == wanted), None)
        if carried_out(
            form,
            lambda: ask_colleague(duty=duty, colleague=colleague, in_return=theirs, by=request.actor, now=request.now),
        ):
            messages.success(request, _("%(name)s is asked.") % {"name": colleague})
            return redirect("centre:shifts")
    return render(request, "centre/shifts.html", _context(request, form), status=422)


def _context(request: Asked, faulty: SwapForm | None = None) -> Context:
    duty, mine, asked = _chosen(request), _mine(request), _swaps(request)
    waiting = {swap.duty_id for swap in asked}
    return {
        "duties": [_line(row, duty, asked=row.pk in waiting, request=request) for row in mine],
        "questions": [_question(swap, request) for swap in asked],
        "chosen": week.duty_words(duty) if duty else "",
        "form": faulty or (_form(request, duty) if duty else None),
        "form_url": request.get_full_path(),
        "now": _on_duty_now(request),
    }


def _mine(request: Asked) -> list[Duty]:
    return list(duties_of(request.actor.user_id or 0, since=request.now).filter(starts_at__lt=request.now + AHEAD))


def _chosen(request: Asked) -> Duty | None:
    """A duty of one's own that has not begun yet."""
    wanted = request.GET.get("duty", "")
    return next((row for row in _mine(request) if str(row.uid) == wanted and row.starts_at > request.now), None)


def _line(row: Duty, chosen: Duty | None, *, asked: bool, request: Asked) -> Context:
    free = row.starts_at > request.now and not asked
    return {
        "words": week.duty_words(row),
        "role": str(Role(row.role).label),
        "languages": week.spoken_words(row.languages),
        "running": row.starts_at <= request.now,
        "asked": asked,
        "current": chosen is not None and chosen.pk == row.pk,
        "swap_url": f"{reverse('centre:shifts')}?duty={row.uid}" if free else "",
    }


def _swaps(request: Asked) -> list[Swap]:
    """Mine, those asked of me, and for a supervisor those nobody answered in time."""
    return list(swaps_seen_by(request.actor.user_id or 0, now=request.now))


def _question(swap: Swap, request: Asked) -> Context:
    names = {"asker": swap.asked_by, "colleague": swap.colleague, "duty": week.duty_words(swap.duty)}
    words = _("%(asker)s asks %(colleague)s to take %(duty)s") % names
    if swap.in_return:
        words = f"{words}; {_('in return: %(duty)s') % {'duty': week.duty_words(swap.in_return)}}"
    return {"words": words, "actions": _answers(swap, request)}


def _answers(swap: Swap, request: Asked) -> list[Action]:
    url = f"{reverse('centre:shifts')}?question={swap.uid}"
    if swap.asked_by_id == request.actor.user_id:
        return [Action("withdraw", _("Take back"), url, "arrow-left", "ghost")]
    return [
        Action("accept", _("Accept"), url, "check", "go", "KeyA"),
        Action("refuse", _("Decline"), url, "x", "danger", "KeyD"),
    ]


def _others(request: Asked, duty: Duty) -> list[User]:
    """Colleagues of the same role who have nothing else at that time."""
    busy = {row.user_id for row in duties(duty.organisation_id, since=duty.starts_at, until=duty.ends_at)}
    people = holders(role=Role(duty.role), organisation_id=duty.organisation_id, now=request.now)
    free = [user for user in people if user.pk not in busy | {duty.user_id}]
    return sorted(free, key=lambda user: (user.family_name, user.given_name, user.pk))


def _theirs(request: Asked, duty: Duty) -> list[Duty]:
    """What could be taken in return."""
    free = {user.pk for user in _others(request, duty)}
    rows = duties(duty.organisation_id, since=request.now, until=request.now + AHEAD)
    return [row for row in rows.filter(role=duty.role, starts_at__gt=request.now) if row.user_id in free]


def _form(request: Asked, duty: Duty, posted: Mapping[str, Any] | None = None) -> SwapForm:
    theirs = [(str(row.uid), f"{row.user}: {week.duty_words(row)}") for row in _theirs(request, duty)]
    people = choices_of(_others(request, duty))
    return SwapForm(posted, people=people, duties=[("", _("nothing")), *theirs])


def _on_duty_now(request: Asked) -> list[tuple[str, Pill]]:
    lines = []
    for organisation_id in request.actor.organisation_ids:
        for role in ROSTERED:
            found = duty_now(role=Role(role), organisation_id=organisation_id, now=request.now)
            words = week.on_duty_words(found, now=request.now)
            lines.append((str(Role(role).label), Pill(week.on_duty_tone(found), "user-check", words)))
    return lines
