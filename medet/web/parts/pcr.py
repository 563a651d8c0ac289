"""What is said where somebody is called well: the last test, while it is no negative control."""

from datetime import datetime

from django.utils.translation import gettext as _

from medet.base import wording
from medet.flows.well_again import asks_pcr
from medet.records.models import Case
from medet.records.queries import last_test_of
from medet.records.states import Pcr


def lacking(case: Case, *, now: datetime) -> str:
    """The newest test of a confirmed case at home; empty when no reason is asked."""
    if not asks_pcr(case, now=now):
        return ""
    test = last_test_of(case)
    if test is None:
        return _("No PCR test of this case is known.")
    said = {"result": test.result.label, "day": wording.day(test.on)}
    if test.result == Pcr.NEGATIVE:
        return _("Last PCR: %(result)s, %(day)s, before the illness began.") % said
    return _("Last PCR: %(result)s, %(day)s.") % said
