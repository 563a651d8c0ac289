"""Sign-in, sign-out, the language, and where each role goes first."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medet.base import audit
from medet.staff.actions import choose_language
from medet.staff.models import User
from medet.web.account.attempts import IN, OUT, signed_in_user
from medet.web.account.forms import SignInForm
from medet.web.account.homes import home_of
from medet.web.account.languages import COOKIE, speak
from medet.web.account.offered import demo_logins
from medet.web.account.onward import onward
from medet.web.asked import Asked
from medet.web.shared import device_of


@require_GET
def home(request: Asked) -> HttpResponse:
    """The start page is the desk of one's role."""
    desk = home_of(request.actor)
    return redirect(desk) if desk else render(request, "account/no_desk.html")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    """One answer to every mistake: it never says whether the name exists."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect("web:home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = signed_in_user(request, **form.cleaned_data)
        if user:
            return _enter(request, user)
        form.add_error(None, _("The name or the password is wrong, or there were too many tries in 15 minutes."))
    status = 422 if form.errors else 200
    context = {"form": form, "next": onward(request), "demo_logins": demo_logins(), "device": device_of(request)}
    return render(request, "account/sign_in.html", context, status=status)


def _enter(request: Asked, user: User) -> HttpResponse:
    # Puts a new key on the session: one that somebody planted before is worth nothing.
    login(request, user)
    audit.record(by=request.actor, now=request.now, action=IN, object_uid=user.uid, user=user.pk)
    response = HttpResponseRedirect(onward(request) or reverse("web:home"))
    if COOKIE not in request.COOKIES:
        speak(response, user.language)
    return response


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """The next person at this computer meets neither the session nor the language of the one before."""
    audit.record(by=request.actor, now=request.now, action=OUT)
    logout(request)
    response = redirect("web:locked" if device_of(request) else "web:sign_in")
    response.delete_cookie(COOKIE)
    return response


@require_POST
def language(request: Asked) -> HttpResponse:
    """For this browser at once, and for the signed-in person everywhere."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(onward(request) or "/")
    if chosen in dict(settings.LANGUAGES):
        speak(response, chosen)
        if isinstance(request.user, User):
            choose_language(user=request.user, language=chosen, by=request.actor, now=request.now)
    return response
