"""What may be done with a list, by name: an answer comes back, or the forms with their faults."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from medet.flows.take_list import close_list, start_list, throw_away
from medet.records.intake.actions import map_columns
from medet.records.intake.models import IntakeList
from medet.web.asked import Asked
from medet.web.intake import pages
from medet.web.moves import carried_out

Outcome = HttpResponse | dict[str, Any]


def columns(request: Asked, given: IntakeList) -> Outcome:
    """The columns as a person says they are."""
    form = pages.columns_form(given, request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: map_columns(
            given=given, mapping=form.mapping, day=form.cleaned_data["day"], by=request.actor, now=request.now
        ),
    ):
        messages.success(request, _("The list was read again with these columns."))
        return redirect("intake:list", uid=given.uid)
    return {"columns_form": form}


def start(request: Asked, given: IntakeList) -> Outcome:
    """From now on it is taken in, whoever closes the page."""
    form = pages.start_form(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: start_list(
            given=given, programme_code=form.cleaned_data["programme"], by=request.actor, now=request.now
        ),
    ):
        return redirect("intake:list", uid=given.uid)
    return {"start_form": form}


def discard(request: Asked, given: IntakeList) -> Outcome:
    """The preview and all it holds are thrown away."""
    throw_away(given=given, by=request.actor, now=request.now)
    messages.success(request, _("The preview is thrown away; nothing was written."))
    return redirect("intake:lists")


def close(request: Asked, given: IntakeList) -> Outcome:
    """Nothing is left to do with it."""
    close_list(given=given, by=request.actor, now=request.now)
    messages.success(request, _("The list is closed."))
    return redirect("intake:list", uid=given.uid)


MOVES: dict[str, Callable[[Asked, IntakeList], Outcome]] = {
    "columns": columns,
    "start": start,
    "discard": discard,
    "close": close,
}
