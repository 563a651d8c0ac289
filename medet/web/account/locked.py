"""A shared telephone that is locked: who is there, and their PIN. It shows how many requests wait, and no patient."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from medet.base import audit
from medet.base.actor import Actor, Held
from medet.base.scope import scope
from medet.handovers.queries import not_accepted
from medet.staff.models import SharedDevice
from medet.staff.queries import actor_of
from medet.staff.shared.actions import Opened
from medet.staff.shared.queries import openers
from medet.staff.shared.rules import DIGITS, OPENS
from medet.staff.states import Role
from medet.web.account.attempts import OUT, opened_by_pin
from medet.web.account.languages import COOKIE as LANGUAGE
from medet.web.account.languages import speak
from medet.web.account.onward import onward, opens_by_pin
from medet.web.asked import Asked
from medet.web.shared import COOKIE, device_of, enter_by_pin, remember

# No keeper of passwords may offer to keep it: browsers leave a one-time code alone.
TYPED = {
    "class": "pin",
    "inputmode": "numeric",
    "autocomplete": "one-time-code",
    "maxlength": DIGITS,
    "pattern": f"[0-9]{{{DIGITS}}}",
}


class OpenForm(forms.Form):
    """A name by one tap, and the PIN."""

    # Any name is taken and then tried: one that opens no more gets the answer of a wrong PIN.
    who = forms.UUIDField(
        label=gettext_lazy("Who are you?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Choose your name.")),
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        max_length=DIGITS,
        widget=forms.PasswordInput(TYPED),
        error_messages={"required": gettext_lazy("Type your PIN.")},
    )

    def __init__(self, *args: Any, device: SharedDevice, request: Asked, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(str(user.uid), str(user)) for user in openers(device, now=request.now)]
        self.fields["who"].widget.choices = names
        if len(names) == 1:
            self.initial["who"] = names[0][0]


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def locked(request: Asked) -> HttpResponse:
    """One answer to every mistake: it never says whether the PIN was wrong, is locked, or opens no more."""
    device = device_of(request)
    if device is None:
        return _elsewhere(request)
    if request.user.is_authenticated and request.method != "POST":
        return redirect("web:home")
    form = OpenForm(request.POST or None, device=device, request=request)
    if request.method == "POST" and form.is_valid():
        opened = opened_by_pin(request, device=device, **form.cleaned_data)
        if opened:
            return _enter(request, device, opened)
        form.add_error(None, _("This PIN does not open. After 5 wrong ones only your password does."))
    context = {"form": form, "device": device, "next": onward(request), "waiting": _waiting(device)}
    return render(request, "account/locked.html", context, status=422 if form.errors else 200)


def _elsewhere(request: Asked) -> HttpResponse:
    """The telephone was taken back, or never was shared."""
    wanted = onward(request)
    sign_in = reverse("web:sign_in") + (f"?{urlencode({'next': wanted})}" if wanted else "")
    if request.htmx:
        return HttpResponse(status=200, headers={"HX-Redirect": sign_in})
    return HttpResponseRedirect(sign_in)


def _waiting(device: SharedDevice) -> dict[str, Any]:
    """What the duty nurse sees from afar. The clinic's eyes are lent for this one number."""
    clinic = Actor(user_id=None, label="device", held=frozenset({Held(Role.CLINIC_RECEIVER, device.organisation_id)}))
    with scope(clinic):
        count = not_accepted(clinic)
    new = ngettext("%(n)s new request", "%(n)s new requests", count) % {"n": count}
    return {"count": count, "words": new if count else _("No new requests")}


def _enter(request: Asked, device: SharedDevice, opened: Opened) -> HttpResponse:
    enter_by_pin(request, device, opened.user)
    if opened.wrong_before:
        wrong = ngettext(
            "There was %(n)s wrong PIN in your name since you opened it last.",
            "There were %(n)s wrong PINs in your name since you opened it last.",
            opened.wrong_before,
        )
        messages.warning(request, wrong % {"n": opened.wrong_before})
    wanted, actor = onward(request), actor_of(opened.user, now=request.now)
    here = actor.narrowed(OPENS).at(device.organisation_id)
    response = HttpResponseRedirect(wanted if wanted and opens_by_pin(request, wanted, here) else reverse("web:home"))
    remember(response, request.COOKIES[COOKIE])
    speak(response, opened.user.language)
    return response


@require_POST
def lock(request: Asked) -> HttpResponse:
    """By the button, or by the page itself when nobody touched it."""
    device, wanted = device_of(request), onward(request)
    audit.record(by=request.actor, now=request.now, action=OUT, why="lock")
    logout(request)
    door = reverse("web:locked" if device else "web:sign_in")
    response = HttpResponseRedirect(f"{door}?{urlencode({'next': wanted})}" if wanted else door)
    # As after a sign-out: the next person does not meet the language of the one before.
    response.delete_cookie(LANGUAGE)
    return response


@require_POST
def here(request: Asked) -> HttpResponse:
    """Somebody touches the page: the gate has noted it."""
    return HttpResponse(status=204)
