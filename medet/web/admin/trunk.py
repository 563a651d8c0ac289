"""The telephone trunk, whether the company knows us, and "ring me now" with its course."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medet.base import wording
from medet.base.phones import display
from medet.base.refused import Refused
from medet.contacts.line.actions import put_trunk
from medet.contacts.line.models import Trunk
from medet.contacts.line.queries import by_environment, prefixes, trunk_row
from medet.contacts.staff_calls.actions import ask_test_call
from medet.contacts.staff_calls.models import StaffCall
from medet.contacts.staff_calls.queries import is_lost, last_test_call
from medet.contacts.staff_calls.states import StaffCallState
from medet.contacts.states import AttemptOutcome
from medet.flows.condition import processes
from medet.people.states import Language
from medet.web.admin.forms import RingForm, TrunkForm
from medet.web.admin.ways import Outcome, done, moved, show
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.parts.shapes import Pill, Step

WAY = "admin:trunk"
STATES: dict[str, tuple[Any, str, Any]] = {
    "ok": ("green", "circle-check", gettext_lazy("The trunk answers")),
    "registering": ("amber", "clock", gettext_lazy("Registering")),
    "refused": ("red", "ban", gettext_lazy("The company refuses us")),
    "silent": ("red", "alert-circle", gettext_lazy("The company does not answer")),
}
# What to look at when a test call did not come through.
ADVICE = {
    AttemptOutcome.NETWORK_FAILED: gettext_lazy("Look at the address, the user, the password, and the firewall."),
    AttemptOutcome.NOT_ALLOWED: gettext_lazy("The number is outside the allowed prefixes."),
    AttemptOutcome.NO_PROMPT: gettext_lazy("Render or upload the recording of the test call."),
    AttemptOutcome.UNKNOWN: gettext_lazy("The telephone process ended meanwhile; it starts again by itself."),
    AttemptOutcome.CANCELLED: gettext_lazy("The telephone process did not take it up in time."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def trunk(request: Asked) -> HttpResponse:
    """One page: the contract's data, the state, the test call."""
    outcome: Outcome = moved(request, MOVES) if request.method == "POST" else {}
    if isinstance(outcome, HttpResponse):
        return outcome
    row, call = trunk_row(), last_test_call(request.actor.user_id)
    context = {
        "form": TrunkForm(initial=_initial(row)),
        "ring_form": RingForm(initial=_remembered(request, call)),
        "row": row,
        "changed": wording.moment(row.changed_at) if row else "",
        "by_environment": by_environment(),
        "is_set": by_environment() or row is not None,
        "pill": _pill(request, row),
        "call": _course(request, call) if call else None,
    }
    return show(request, "trunk", WAY, context | outcome)


def _initial(row: Trunk | None) -> dict[str, Any]:
    if row is None:
        return {"prefixes": "+7", "max_channels": 30, "attempts_per_s": 5}
    names = ("address", "user", "register", "caller_id", "max_channels", "attempts_per_s")
    return {name: getattr(row, name) for name in names} | {"prefixes": " ".join(row.allowed_prefixes)}


def _remembered(request: Asked, call: StaffCall | None) -> dict[str, str]:
    if call:
        return {"number": display(call.number), "language": call.language}
    return {"language": wording.language()}


def _pill(request: Asked, row: Trunk | None) -> Pill:
    """What the telephone process last said of it; of another address it says nothing."""
    phone = next(one for one in processes(now=request.now) if one.name == "phone")
    if row is None and not by_environment():
        return Pill("grey", "circle", _("Not set yet"))
    if not phone.alive:
        return Pill("red", "alert-circle", _("The telephone process is silent"))
    if row and not by_environment() and phone.facts.get("address") != row.address:
        return Pill("amber", "clock", _("The telephone process takes the change"))
    tone, icon, words = STATES.get(phone.facts.get("trunk", ""), ("amber", "clock", _("No answer yet")))
    code = phone.facts.get("sip_code")
    return Pill(tone, icon, f"{words} ({code})" if code and tone == "red" else str(words))


def _course(request: Asked, call: StaffCall) -> dict[str, Any]:
    """Its steps, and at the end one sentence."""
    lost = is_lost(call, now=request.now)
    over = lost or call.state == StaffCallState.ENDED
    marks = (
        (_("Asked for"), call.asked_at),
        (_("It rings"), call.rung_at),
        (_("Answered"), call.answered_at),
        (_("Key pressed"), call.key or None),
    )
    seen = sum(1 for _words, mark in marks if mark)
    steps = [Step(words, done=bool(mark), current=place == seen - 1) for place, (words, mark) in enumerate(marks)]
    ended = (call.ended_at or request.now) - (call.answered_at or call.asked_at)
    return {
        "number": display(call.number),
        "when": wording.near(call.asked_at, now=request.now),
        "steps": steps,
        "over": over,
        "pill": _end(call, lost) if over else Pill("brand", "phone-outgoing", str(StaffCallState(call.state).label)),
        "advice": str(ADVICE.get(AttemptOutcome(call.outcome), "")) if call.outcome else "",
        # What the network said helps only who looks for a fault.
        "sip": "" if call.outcome == AttemptOutcome.ANSWERED else f"{call.sip_code or ''} {call.sip_reason}".strip(),
        "lasted": wording.duration(ended) if call.answered_at and over else "",
    }


def _end(call: StaffCall, lost: bool) -> Pill:
    if lost:
        return Pill("red", "alert-circle", _("Nothing was heard of it again"))
    if call.outcome == AttemptOutcome.ANSWERED and call.key:
        return Pill("green", "circle-check", _("Works both ways: key %(key)s was heard") % {"key": call.key})
    if call.outcome == AttemptOutcome.ANSWERED:
        return Pill("amber", "alert-circle", _("Answered, but no key was heard"))
    return Pill("red", "phone-off", str(AttemptOutcome(call.outcome).label))


def _put(request: Asked) -> Outcome:
    form = TrunkForm(request.POST)
    if by_environment():
        raise Refused("trunk.environment")
    if form.is_valid() and carried_out(form, lambda: put_trunk(data=form.data_of(), by=request.actor, now=request.now)):
        done(request, _("The trunk is kept. The telephone process takes it by itself within seconds."))
        return redirect("admin:trunk")
    return {"form": form}


def _ring(request: Asked) -> Outcome:
    form = RingForm(request.POST)
    allowed = prefixes()
    if not allowed:
        raise Refused("trunk.none")
    if form.is_valid() and carried_out(
        form,
        lambda: ask_test_call(
            number=form.cleaned_data["number"],
            language=Language(form.cleaned_data["language"]),
            allowed_prefixes=allowed,
            by=request.actor,
            now=request.now,
        ),
    ):
        return redirect("admin:trunk")
    return {"ring_form": form}


MOVES = {"put": _put, "ring": _ring}
