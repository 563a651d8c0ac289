"""An alert is settled without a conclusion: acted on, or overridden by a doctor."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.monitoring.actions import close_alert
from medet.monitoring.models import Alert
from medet.monitoring.states import AlertState
from medet.records.models import Case
from medet.tasks.actions import close_task
from medet.tasks.queries import open_about
from medet.tasks.rules import answers_for


def own_alerts(case: Case, *, by: Actor) -> list[Alert]:
    """Open alerts of a case that this role answers for; a doctor's word does not settle what operators look after."""
    alerts = list(Alert.objects.filter(case=case, state=AlertState.OPEN).order_by("pk"))
    tasks, roles = open_about([alert.uid for alert in alerts]), by.roles_at(case.organisation_id)
    return [alert for alert in alerts if alert.uid not in tasks or answers_for(tasks[alert.uid].role, roles)]


@transaction.atomic
def settle_alert(*, alert: Alert, to: AlertState, by: Actor, now: datetime) -> bool:
    """Closes the alert and its task together; False when a colleague was first."""
    task = open_about([alert.uid]).get(alert.uid)
    if task and not answers_for(task.role, by.roles_at(task.organisation_id)):
        raise Refused("task.not_yours")
    closed = close_alert(alert_id=alert.pk, to=to, by=by, now=now)
    if closed:
        close_task(about_uid=alert.uid, outcome=to, by=by, now=now)
    return closed is not None
