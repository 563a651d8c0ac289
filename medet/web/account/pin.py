"""One's own PIN on a telephone that several people use. The first who sets one makes the telephone a shared one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from medet.base import policy
from medet.base.refused import SENTENCES
from medet.places.models import Organisation
from medet.staff.models import SharedDevice, User
from medet.staff.shared.actions import set_pin, share_device
from medet.staff.shared.rules import DIGITS
from medet.web.account.attempts import signed_in_user
from medet.web.account.locked import TYPED
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.shared import device_of, keep, remember


class PinForm(forms.Form):
    """The PIN twice, and the password: an open page that somebody else found must not become theirs for months."""

    clinic = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Clinic"), to_field_name="uid")
    name = forms.CharField(
        label=gettext_lazy("What this phone is called"), max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        max_length=DIGITS,
        widget=forms.PasswordInput(TYPED),
        help_text=gettext_lazy("6 digits that nobody guesses: no 123456, no 777777."),
    )
    again = forms.CharField(label=gettext_lazy("PIN once more"), max_length=DIGITS, widget=forms.PasswordInput(TYPED))
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: Asked, device: SharedDevice | None, **options: Any) -> None:
        super().__init__(*args, **options)
        clinics = Organisation.objects.filter(pk__in=request.actor.organisation_ids).order_by("pk")
        self.only = device.organisation if device else clinics[0]
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]
        self.initial["name"] = _("Duty phone")
        if device:
            del self.fields["name"]
        if device or len(clinics) == 1:
            del self.fields["clinic"]

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        data = super().clean() or self.cleaned_data
        if data.get("pin") and data.get("again") and data["pin"] != data["again"]:
            self.add_error("again", gettext_lazy("The two PINs differ."))
        return data


@sensitive_post_parameters("pin", "again", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: Asked) -> HttpResponse:
    """Set for the first time, or anew; the gate lets in only who came with a password."""
    device = device_of(request)
    if device and device.organisation_id not in request.actor.organisation_ids:
        words = SENTENCES["device.not_yours"]
        return render(request, "account/not_your_phone.html", {"sentence": words, "device": device}, status=403)
    form = PinForm(request.POST or None, request=request, device=device)
    if request.method == "POST" and form.is_valid() and (done := _set(request, form, device)):
        return done
    minutes = policy.whole("device.lock_minutes", now=request.now)
    context = {"form": form, "device": device, "minutes": minutes}
    return render(request, "account/pin.html", context, status=422 if form.errors else 200)


def _set(request: Asked, form: PinForm, device: SharedDevice | None) -> HttpResponse | None:
    data, user = form.cleaned_data, request.user
    if not isinstance(user, User):
        return None
    # Counted and noted like every other try with a password.
    if signed_in_user(request, username=user.username, password=data["password"]) != user:
        form.add_error("password", _("The password is wrong, or there were too many tries in 15 minutes."))
        return None
    found, tokens = [device] if device else [], list[str]()

    def move() -> None:
        if not found:
            where = data.get("clinic") or form.only
            made, token = share_device(organisation=where, name=data["name"], by=request.actor, now=request.now)
            found.append(made)
            tokens.append(token)
        set_pin(device=found[0], user=user, pin=data["pin"], by=request.actor, now=request.now)

    return _go_on(request, found[0], tokens) if carried_out(form, move) else None


def _go_on(request: Asked, device: SharedDevice, tokens: list[str]) -> HttpResponse:
    keep(request, device, by_pin=False)
    messages.success(request, _("Your PIN is set. Lock the phone when you put it down: it opens by your PIN."))
    response = HttpResponseRedirect(reverse("clinic:desk"))
    for token in tokens:
        remember(response, token)
    return response
