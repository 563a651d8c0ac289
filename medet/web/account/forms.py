"""The sign-in form; whether the password fits is decided in attempts.py."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """A user name and a password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "username", "autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
