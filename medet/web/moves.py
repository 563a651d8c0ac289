"""How a view makes a move that may be refused."""

from collections.abc import Callable

from django import forms
from django.db import transaction

from medet.base.refused import Refused


def carried_out(form: forms.BaseForm, move: Callable[[], object]) -> bool:
    """Does it, or writes the refusal on the form, which comes back with everything typed still in it."""
    try:
        with transaction.atomic():
            move()
    except Refused as refused:
        form.add_error(None, refused.report())
        return False
    return True
