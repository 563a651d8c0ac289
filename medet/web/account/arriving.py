"""Coming in for the first time: the installation's first administrator, and everybody who was invited.

A link that is looked at (a messenger's preview does that) is not used up; only the form uses it.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from medet.base import audit
from medet.flows.invitations import come_in
from medet.flows.setup import First, set_up
from medet.people.states import Language
from medet.places.states import Kind
from medet.staff.models import User
from medet.staff.queries import invitation_of, is_fresh
from medet.web.account.attempts import IN
from medet.web.account.languages import speak
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.parts.places import PlaceForm

WORDS = {"autocomplete": "new-password"}


class PasswordForm(forms.Form):
    """Twice, because nobody sees it."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(WORDS),
        help_text=gettext_lazy("At least 10 characters, and no word that everybody uses."),
    )
    again = forms.CharField(
        label=gettext_lazy("Password once more"), max_length=200, strip=False, widget=forms.PasswordInput(WORDS)
    )

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        data = super().clean() or self.cleaned_data
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", gettext_lazy("The two passwords differ."))
        return data


class SetupForm(PlaceForm, PasswordForm):
    """The first organisation and its administrator."""

    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    username = forms.CharField(
        label=gettext_lazy("User name"), max_length=60, widget=forms.TextInput({"autocomplete": "username"})
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of pages"), choices=Language.choices)
    speaks = forms.MultipleChoiceField(
        label=gettext_lazy("Speaks with patients"),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        houses = (Kind.TELEMEDICINE_CENTRE, Kind.NATIONAL_CENTRE)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in houses]  # type: ignore[attr-defined]

    def first(self) -> First:
        """What the flow takes."""
        data = self.cleaned_data
        names = (data["family_name"], data["given_name"])
        more = {name: data[name] for name in ("language", "speaks", "password")}
        return First(
            organisation=self.organisation(), person={"username": data["username"].casefold(), "names": names, **more}
        )


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: Asked, secret: str) -> HttpResponse:
    """Only while nobody administers the installation, and only by the link of its console."""
    invitation = invitation_of(secret, now=request.now)
    if not is_fresh() or invitation is None or invitation.user_id is not None:
        return redirect("web:sign_in")
    form = SetupForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    made: list[User] = []

    def move() -> None:
        made.append(set_up(first=form.first(), secret=secret, now=request.now))

    if request.method == "POST" and form.is_valid() and carried_out(form, move):
        return _enter(request, made[0])
    return render(request, "account/setup.html", {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: Asked, secret: str) -> HttpResponse:
    """Somebody invited chooses a password and is signed in."""
    invitation = invitation_of(secret, now=request.now)
    if invitation is None or invitation.user is None or not invitation.user.is_active:
        words = _("This link was used already or has run out. Whoever invited you can give you a new one.")
        return render(request, "account/link_over.html", {"sentence": words}, status=404)
    form = PasswordForm(request.POST or None)
    made: list[User] = []

    def move() -> None:
        made.append(come_in(secret=secret, password=form.cleaned_data["password"], now=request.now))

    if request.method == "POST" and form.is_valid() and carried_out(form, move):
        return _enter(request, made[0])
    context = {"form": form, "person": invitation.user}
    return render(request, "account/welcome.html", context, status=422 if form.errors else 200)


def _enter(request: Asked, user: User) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    audit.record(by=request.actor, now=request.now, action=IN, object_uid=user.uid, user=user.pk)
    response = redirect("web:home")
    speak(response, user.language)
    return response


@require_safe
def authority(request: Asked) -> HttpResponse:
    """The certificate of this installation's own authority, for computers and telephones that are to trust it."""
    path = settings.DATA_DIR / "tls" / "authority.pem"
    if not path.exists():
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="medet-authority.crt"'}
    return HttpResponse(path.read_bytes(), content_type="application/x-x509-ca-cert", headers=headers)
