"""What happened before a page is looked at: told through the flows, as the robot and the clinic would."""

from datetime import datetime

from medet.base.actor import ROBOT, WORKER
from medet.base.scope import scope
from medet.flows.answers_arrived import Told, answers_arrived
from medet.monitoring.models import Enrolment
from medet.monitoring.queries import programme
from medet.records.models import Case
from medet.records.states import Source
from tests import make

WORSE = {"state": "worse", "breath": "rest"}


def ill(
    town: make.City, given: dict[str, str] | None = None, *, now: datetime = make.NOON, family_name: str = "Серікбаева"
) -> Case:
    """Somebody under observation who answered the robot, key by key."""
    with scope(WORKER):
        enrolment = make.observed(town, make.person(town, family_name=family_name, now=now), now=now)
        for key, value in (given or {}).items():
            told(enrolment, {key: value}, now=now)
        return enrolment.case


def told(enrolment: Enrolment, given: dict[str, str], *, now: datetime = make.NOON) -> None:
    """Keys pressed in one conversation with the robot."""
    answers_arrived(
        told=Told(
            enrolment=enrolment,
            programme=programme("covid-home"),
            source=Source.ROBOT,
            contact_uid=enrolment.uid,
        ),
        given=given,
        by=ROBOT,
        now=now,
    )
