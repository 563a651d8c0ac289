"""Answers arrived by any channel: readings, rules, alerts, and the tasks that hold their promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.about import about_alert
from medet.flows.facts import check_answers, facts_of, minutes_of
from medet.monitoring import rules
from medet.monitoring.actions import keep_answers, raise_alert, set_band
from medet.monitoring.models import Alert, Answers, DueContact, Enrolment, Programme
from medet.records.actions import record_readings
from medet.records.states import Source
from medet.tasks.actions import Why, open_task
from medet.tasks.states import TaskKind, Weight

WEIGHT = {"red": Weight.RED, "amber": Weight.AMBER, "signal": Weight.PLAIN}


@dataclass(frozen=True, kw_only=True)
class Told:
    """Where answers come from: the enrolment, the version asked, the conversation."""

    enrolment: Enrolment
    programme: Programme
    source: Source
    contact_uid: UUID | None = None
    due_contact: DueContact | None = None


@transaction.atomic
def answers_arrived(*, told: Told, given: Mapping[str, str], by: Actor, now: datetime) -> Answers:
    """Keeps what is new, judges everything known of this contact, and raises what must be seen."""
    file = told.programme.file
    checked = check_answers(file, given)
    known = _known(told)
    fresh = {key: value for key, value in checked.items() if key not in known}
    answers = keep_answers(
        enrolment=told.enrolment,
        programme=told.programme,
        values={key: value.choice or str(value.number) for key, value in fresh.items()},
        source=told.source,
        contact_uid=told.contact_uid,
        due_contact=told.due_contact,
        by=by,
        now=now,
    )
    case = told.enrolment.case
    record_readings(case=case, values=fresh.values(), source=told.source, answers_uid=answers.uid, by=by, now=now)
    found = rules.findings(file, facts_of(case, answers.values, file, now=now))
    set_band(answers=answers, band=rules.band(found))
    for finding in found:
        _raise(answers, finding, by=by, now=now)
    return answers


def _known(told: Told) -> frozenset[str]:
    if told.contact_uid is None:
        return frozenset()
    answers = Answers.objects.filter(contact_uid=told.contact_uid).first()
    return frozenset(answers.values) if answers else frozenset()


def _raise(answers: Answers, finding: rules.Finding, *, by: Actor, now: datetime) -> Alert:
    due_at = now + timedelta(minutes=minutes_of(finding.rule, now=now))
    alert = raise_alert(answers=answers, finding=finding, due_at=due_at, by=by, now=now)
    open_task(
        kind=TaskKind.ALERT,
        about=about_alert(alert),
        role=finding.rule.owner,
        why=Why(
            code="rule",
            weight=WEIGHT[finding.rule.band],
            values={"programme": answers.programme_id, "rule": finding.rule.code},
        ),
        due_at=alert.due_at,
        by=by,
        now=now,
    )
    return alert
