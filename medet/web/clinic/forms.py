"""What the clinic answers to a home-visit request. Coded lists are handed in; a note is always possible."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.web.parts.forms import Choices, offer


def _note() -> forms.CharField:
    return forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))


class _Coded(forms.Form):
    """One coded list (`code`) and a note."""

    code = forms.ChoiceField(widget=forms.RadioSelect)
    note = _note()
    question: Any = ""

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        # Several of these stand on one page: the prefix keeps their ids apart.
        super().__init__(*args, **{"prefix": type(self).__name__.lower()} | options)
        offer(self, code=choices)
        self.fields["code"].label = self.question


class AssignForm(_Coded):
    """Who goes."""

    question = _("Who goes?")


class ResultForm(_Coded):
    """What was found and decided at the bedside."""

    question = _("What was decided?")


class NotFoundForm(_Coded):
    """What was tried at the address."""

    question = _("What was tried?")


class RefuseForm(_Coded):
    """Why the clinic may not go."""

    question = _("Why?")
