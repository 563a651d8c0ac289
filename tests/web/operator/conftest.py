"""An operator, and somebody the robot did not reach."""

from collections.abc import Iterator

import pytest
from django.test import Client

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.hand_contact import hand_contact
from medet.monitoring.models import DueContact, Enrolment
from tests import make
from tests.web.operator.pages import signed_in


@pytest.fixture
def aigerim(town: make.City) -> Client:
    return signed_in(town, "aigerim")


@pytest.fixture
def seen(town: make.City) -> Iterator[None]:
    """Looks at the tables with the worker's eyes."""
    with scope(WORKER):
        yield


@pytest.fixture
def enrolment(town: make.City) -> Enrolment:
    """Somebody observed at home whose contact of today came to the operators."""
    with scope(WORKER):
        enrolment = make.observed(town)
        due = DueContact.objects.get(enrolment=enrolment)
        hand_contact(due=due, reason="not_reached", by=WORKER, now=make.NOON)
        return enrolment
