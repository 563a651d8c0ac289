"""How a view makes a move that may be refused."""

from collections.abc import Callable

from django import forms
from django.db import transaction

from medet.base import audit
from medet.base.refused import Refused
from medet.web.asked import Asked

# These tell something of a person the reader does not see: that they were told is in the audit.
TELLING = frozenset({"person.iin_other_name", "case.open_elsewhere", "case.person_died"})


def carried_out(form: forms.BaseForm, move: Callable[[], object], *, request: Asked | None = None) -> bool:
    """Does it, or writes the refusal on the form, which comes back with everything typed still in it."""
    try:
        with transaction.atomic():
            move()
    except Refused as refused:
        form.add_error(None, refused.report())
        if request and refused.code in TELLING:
            audit.record(by=request.actor, now=request.now, action="refused", code=refused.code)
        return False
    return True
