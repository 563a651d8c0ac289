"""What a page showed when it was filled in: nobody settles a danger sign that nobody saw."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.settle_alert import own_alerts, settle_alert
from medet.monitoring.models import Alert
from medet.monitoring.states import AlertState, Band
from medet.records.models import Case


def open_when_shown(case: Case, shown: Collection[UUID]) -> list[Alert]:
    """Open alerts of the case; refuses when a red one among them came after the page was made."""
    alerts = list(Alert.objects.filter(case=case, state=AlertState.OPEN).order_by("pk"))
    if any(alert.band == Band.RED and alert.uid not in shown for alert in alerts):
        raise Refused("conclusion.new_alert")
    return alerts


@transaction.atomic
def override_alerts(*, case: Case, shown: Collection[UUID], by: Actor, now: datetime) -> None:
    """The own alerts that were shown tell nothing; they are counted as overridden."""
    open_when_shown(case, shown)
    for alert in own_alerts(case, by=by):
        if alert.uid in shown:
            settle_alert(alert=alert, to=AlertState.OVERRIDDEN, by=by, now=now)
