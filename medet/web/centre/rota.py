"""The supervisor's rota: a week of one role, what is short a week ahead, and every move by keyboard."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from medet.flows.swaps import reassign, take_out
from medet.staff.models import Duty, User
from medet.staff.rota.actions.planning import Planned, Wanted, copy_week, plan_duty, put_need
from medet.staff.rota.queries import duty_called
from medet.web.asked import Asked
from medet.web.centre.grid import context_of, give_form, need_form, plan_form
from medet.web.centre.place import Place, place_of
from medet.web.moves import carried_out

Outcome = str | forms.Form


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Asked) -> HttpResponse:
    """The week; every move is posted here."""
    place = place_of(request)
    duty = _chosen(request, place)
    if request.method != "POST":
        return render(request, "centre/rota.html", context_of(request, place, duty))
    move = MOVES.get(request.POST.get("move", ""))
    if move is None:
        raise Http404
    outcome = move(request, place, duty)
    if isinstance(outcome, forms.Form):
        return render(request, "centre/rota.html", context_of(request, place, duty, outcome), status=422)
    messages.success(request, outcome)
    # A copied week is looked at where it went.
    return redirect(place.url(weeks=1 if move is copy else 0))


def _chosen(request: Asked, place: Place) -> Duty | None:
    return duty_called(request.GET.get("duty", ""), organisation_id=place.organisation.pk)


def _wanted(duty: Duty | None) -> Duty:
    if duty is None:
        raise Http404
    return duty


def _user(place: Place, request: Asked, uid: str) -> User:
    return next(user for user in place.people(request) if str(user.uid) == uid)


def plan(request: Asked, place: Place, duty: Duty | None) -> Outcome:
    """One duty more."""
    form = plan_form(request, place, request.POST)
    if not form.is_valid():
        return form
    starts_at, ends_at = form.span()
    planned = Planned(
        user=_user(place, request, form.cleaned_data["user"]),
        role=place.role,
        organisation=place.organisation,
        starts_at=starts_at,
        ends_at=ends_at,
        languages=form.cleaned_data["languages"],
    )
    done = carried_out(form, lambda: plan_duty(planned=planned, by=request.actor, now=request.now))
    return _("%(name)s is planned.") % {"name": planned.user} if done else form


def drop(request: Asked, place: Place, duty: Duty | None) -> Outcome:
    """One duty less."""
    take_out(duty=_wanted(duty), by=request.actor, now=request.now)
    return _("The duty is out of the rota.")


def give(request: Asked, place: Place, duty: Duty | None) -> Outcome:
    """The same duty, another person."""
    row, form = _wanted(duty), give_form(request, place, duty, request.POST)
    if not form.is_valid():
        return form
    to = _user(place, request, form.cleaned_data["to"])
    done = carried_out(form, lambda: reassign(duty=row, to=to, by=request.actor, now=request.now))
    return _("%(name)s has the duty now.") % {"name": to} if done else form


def copy(request: Asked, place: Place, duty: Duty | None) -> Outcome:
    """The whole week, all roles, into the next one."""
    copied = copy_week(organisation=place.organisation, monday=place.monday, by=request.actor, now=request.now)
    said = ngettext("%(n)d duty is copied to the next week.", "%(n)d duties are copied to the next week.", copied.made)
    said %= {"n": copied.made}
    left = len(copied.left_out)
    more = ngettext("%(n)d was left out.", "%(n)d were left out: planned already, or no longer in the role.", left)
    return f"{said} {more % {'n': left}}" if left else said


def need(request: Asked, place: Place, duty: Duty | None) -> Outcome:
    """How many there must be, from a day on."""
    form = need_form(request, place, request.POST)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    wanted = Wanted(
        role=place.role,
        weekdays=[int(weekday) for weekday in data["weekdays"]],
        starts=data["starts"],
        ends=data["ends"],
        count=data["count"],
        language=data["language"],
    )
    done = carried_out(
        form,
        lambda: put_need(
            organisation=place.organisation,
            wanted=wanted,
            valid_from=data["valid_from"],
            by=request.actor,
            now=request.now,
        ),
    )
    return _("The need is written down.") if done else form


MOVES: dict[str, Callable[[Asked, Place, Duty | None], Outcome]] = {
    "plan": plan,
    "drop": drop,
    "give": give,
    "copy": copy,
    "need": need,
}
