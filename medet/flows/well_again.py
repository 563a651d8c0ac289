"""A confirmed case is over with a negative PCR, or with the reason why without one.

By the outpatient algorithm of the Ministry of Health (2020) somebody is taken off observation with no fever, fading
respiratory symptoms and one negative PCR; a test that cannot be had keeps nobody ill (limit `case.close.needs_pcr`).
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.end_case import end_case
from medet.records.actions import note_without_pcr
from medet.records.models import Case
from medet.records.queries import last_test_of
from medet.records.rules import is_control
from medet.records.states import OBSERVED, CaseState, Classification, WithoutPcr


def lacks_pcr(case: Case, *, now: datetime) -> bool:
    """Whether it is asked why this case may be over: the newest test of a confirmed one is no negative control."""
    if case.classification != Classification.CONFIRMED or not policy.value("case.close.needs_pcr", now=now):
        return False
    return not is_control(last_test_of(case), onset=case.onset_on)


def asks_pcr(case: Case, *, now: datetime) -> bool:
    """The same of somebody who is at home now."""
    return Case.objects.filter(pk=case.pk, state__in=OBSERVED).exists() and lacks_pcr(case, now=now)


@transaction.atomic
def end_observation(
    *,
    case: Case,
    to: CaseState,
    why: str,
    shown: Collection[UUID],
    without_pcr: WithoutPcr | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Whoever is called well at home needs a negative test or the reason why not; of somebody in hospital the hospital
    says it. A new danger sign is said first."""
    is_asked = to == CaseState.RECOVERED and asks_pcr(case, now=now)
    end_case(case=case, to=to, by=by, now=now, why=why, shown=shown)
    if not is_asked:
        return
    if without_pcr is None:
        raise Refused("case.pcr_needed")
    note_without_pcr(case=case, why=without_pcr, by=by, now=now)
