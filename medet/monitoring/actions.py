"""The only writers of programmes, enrolments, due contacts, answers and alerts."""

import hashlib
import json
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.clock import LOCAL
from medet.base.states import NEW, check_move
from medet.monitoring.models import Alert, Answers, DueContact, Enrolment, Programme
from medet.monitoring.queries import newest_file
from medet.monitoring.rows import enrolment_row, moved_kind, told_of_due
from medet.monitoring.rules import ORDER, Finding
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.monitoring.schema import check
from medet.monitoring.states import (
    ALERT_LIFE,
    DUE_LIFE,
    DUE_OPEN,
    ENROLMENT_LIFE,
    AlertState,
    DueKind,
    DueState,
    EnrolmentState,
    GoesOn,
)
from medet.records.models import Case
from medet.records.states import Source

FOLDER = Path(__file__).parent / "programmes"


@transaction.atomic
def load_programme(*, file: ProgrammeFile, by: Actor, now: datetime) -> Programme:
    """Stores a checked programme as a new version, the one in force from now on, also when it goes back to an older
    content; the content in force changes nothing."""
    check(file, name=file.code)
    content = file.model_dump(mode="json")
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    sha256 = hashlib.sha256(canonical).hexdigest()
    last = Programme.objects.filter(code=file.code).order_by("-version").first()
    if last and last.sha256 == sha256:
        return last
    return Programme.objects.create(
        code=file.code, version=last.version + 1 if last else 1, sha256=sha256, content=content, loaded_at=now
    )


@transaction.atomic
def enrol(*, case: Case, programme: Programme, by: Actor, now: datetime) -> Enrolment:
    """Puts a case under a programme from today on."""
    enrolment = Enrolment.objects.create(**enrolment_row(case, programme, now=now))
    journal.append(
        kind="enrolment.started",
        by=by,
        now=now,
        person_id=case.person_id,
        case_id=case.pk,
        object_uid=enrolment.uid,
        organisation_id=case.organisation_id,
        code=programme.code,
    )
    return enrolment


@transaction.atomic
def end_enrolment(*, enrolment_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Stops the watch; the locked row is what a dialler's claim runs into."""
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment_id)
    if enrolment.state == EnrolmentState.ENDED:
        return
    check_move(ENROLMENT_LIFE, enrolment.state, EnrolmentState.ENDED, by.roles_at(enrolment.organisation_id))
    enrolment.state, enrolment.ended_at, enrolment.end_reason = EnrolmentState.ENDED, now, reason
    enrolment.save(update_fields=["state", "ended_at", "end_reason"])
    journal.append(
        kind="enrolment.ended",
        by=by,
        now=now,
        person_id=enrolment.person_id,
        case_id=enrolment.case_id,
        object_uid=enrolment.uid,
        organisation_id=enrolment.organisation_id,
        code=reason,
    )


@transaction.atomic
def extend_enrolment(*, enrolment_id: int, until: date, why: GoesOn, by: Actor, now: datetime) -> None:
    """Observes until a later day for a reason; an earlier one changes nothing."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    if enrolment.state == EnrolmentState.ENDED or enrolment.planned_end_on >= until:
        return
    enrolment.planned_end_on = until
    enrolment.save(update_fields=["planned_end_on"])
    journal.append(
        kind="enrolment.extended",
        by=by,
        now=now,
        person_id=enrolment.person_id,
        case_id=enrolment.case_id,
        object_uid=enrolment.uid,
        organisation_id=enrolment.organisation_id,
        code=until.isoformat(),
        values={"why": why},
    )


@transaction.atomic
def move_due(*, due_id: int, to: DueState, by: Actor, now: datetime) -> DueContact | None:
    """Moves a due contact; None when it already is done or cancelled, so a late channel changes nothing."""
    due = _locked(due_id)
    if due.state in (DueState.DONE, DueState.CANCELLED, to):
        return None
    check_move(DUE_LIFE, due.state, to, by.roles_at(due.organisation_id))
    due.state = to
    due.closed_at = now if to in (DueState.DONE, DueState.CANCELLED) else None
    due.save(update_fields=["state", "closed_at"])
    _journal_due(due, code=to, by=by, now=now)
    return due


@transaction.atomic
def plan_doctor(*, enrolment: Enrolment, on: date, by: Actor, now: datetime) -> DueContact:
    """The doctor's next contact on a day the doctor chose, in the hours of the programme; planned already is enough."""
    check_move(DUE_LIFE, NEW, DueState.PLANNED, by.roles_at(enrolment.organisation_id))
    window = newest_file(enrolment.programme_code).schedule.window
    due, made = DueContact.objects.get_or_create(
        enrolment=enrolment,
        kind=DueKind.DOCTOR,
        on=on,
        state__in=DUE_OPEN,
        defaults={
            "person_id": enrolment.person_id,
            "organisation_id": enrolment.organisation_id,
            "window_start": datetime.combine(on, time.fromisoformat(window.start), LOCAL),
            "window_end": datetime.combine(on, time.fromisoformat(window.end), LOCAL),
        },
    )
    if made:
        _journal_due(due, code=DueState.PLANNED, by=by, now=now)
    return due


def _journal_due(due: DueContact, *, code: str, by: Actor, now: datetime) -> None:
    journal.append(kind=moved_kind(due), by=by, now=now, **told_of_due(due, code=code)._asdict())


@transaction.atomic
def lock_due(*, due_id: int) -> None:
    """For stories that move a contact after its order and attempts: rows are locked from the case downwards
    (case, enrolment, due contact, order, attempt, alert, visit, task), so that two stories wait and never cross."""
    _locked(due_id)


def _locked(due_id: int) -> DueContact:
    rows = DueContact.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("enrolment").get(pk=due_id)


@transaction.atomic(savepoint=False)
def keep_answers(
    *,
    enrolment: Enrolment,
    programme: Programme,
    values: dict[str, str],
    source: Source,
    contact_uid: UUID | None,
    due_contact: DueContact | None,
    by: Actor,
    now: datetime,
) -> Answers:
    """Adds answers to those of the same contact; an answer once given is not changed by a repeat."""
    held = Answers.objects.select_for_update(no_key=True)
    answers = held.filter(contact_uid=contact_uid).first() if contact_uid else None
    if answers is None:
        answers = Answers.objects.create(
            enrolment=enrolment,
            due_contact=due_contact,
            person_id=enrolment.person_id,
            organisation_id=enrolment.organisation_id,
            programme=programme,
            source=source,
            contact_uid=contact_uid,
            given_at=now,
            by_user_id=by.user_id,
        )
    answers.values = {**values, **answers.values}
    asked = {question.key for question in programme.file.questions}
    answers.is_complete = asked <= set(answers.values)
    answers.save(update_fields=["values", "is_complete"])
    return answers


@transaction.atomic(savepoint=False)
def set_band(*, answers: Answers, band: str) -> None:
    """Keeps the gravest band that the rules gave."""
    Answers.objects.filter(pk=answers.pk).update(band=band)


@transaction.atomic(savepoint=False)
def raise_alert(*, answers: Answers, finding: Finding, due_at: datetime, by: Actor, now: datetime) -> Alert:
    """Raises an alert; the same rule in a further contact while it is open counts up and is written down again."""
    enrolment = answers.enrolment
    alert, made = Alert.objects.select_for_update(no_key=True).get_or_create(
        enrolment=enrolment,
        rule=finding.rule.code,
        state=AlertState.OPEN,
        defaults={
            "case_id": enrolment.case_id,
            "person_id": enrolment.person_id,
            "organisation_id": enrolment.organisation_id,
            "answers": answers,
            "programme_id": answers.programme_id,
            "band": finding.rule.band,
            "because": finding.because,
            "opened_at": now,
            "last_seen_at": now,
            "due_at": due_at,
        },
    )
    if made:
        _journal_alert(alert, kind="alert.raised", code=finding.rule.code, by=by, now=now)
    # A contact brings its answers key by key; its row is older than that of any later contact.
    elif answers.pk > (alert.last_answers_id or alert.answers_id or 0):
        _seen_again(alert, answers, finding, due_at=due_at, now=now)
        _journal_alert(alert, kind="alert.repeated", code=finding.rule.code, by=by, now=now)
    return alert


def _seen_again(alert: Alert, answers: Answers, finding: Finding, *, due_at: datetime, now: datetime) -> None:
    """A newer version of the file may call the same rule graver: the alert becomes it, and never milder."""
    alert.seen_count, alert.last_seen_at, alert.because = alert.seen_count + 1, now, finding.because
    alert.last_answers = answers
    if ORDER[finding.rule.band] < ORDER[alert.band]:
        alert.band, alert.programme_id, alert.due_at = (
            finding.rule.band,
            answers.programme_id,
            min(alert.due_at, due_at),
        )
    alert.save(update_fields=["seen_count", "last_seen_at", "because", "last_answers", "band", "programme", "due_at"])


@transaction.atomic
def close_alert(*, alert_id: int, to: AlertState, by: Actor, now: datetime) -> Alert | None:
    """Closes an alert by what was done about it; None when a colleague was first."""
    alert = Alert.objects.select_for_update(no_key=True).get(pk=alert_id)
    if alert.state != AlertState.OPEN:
        return None
    check_move(ALERT_LIFE, alert.state, to, by.roles_at(alert.organisation_id))
    alert.state, alert.closed_at, alert.closed_by_id = to, now, by.user_id
    alert.save(update_fields=["state", "closed_at", "closed_by"])
    _journal_alert(alert, kind="alert.closed", code=to, by=by, now=now)
    return alert


@transaction.atomic
def hand_on_alert(*, alert: Alert, to: Case, by: Actor, now: datetime) -> None:
    """Two cases turned out to be one: what was seen belongs to the one that goes on."""
    row = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
    row.case, row.organisation_id = to, to.organisation_id
    row.save(update_fields=["case", "organisation"])
    _journal_alert(row, kind="alert.handed_on", code=row.rule, by=by, now=now)


def _journal_alert(alert: Alert, *, kind: str, code: str, by: Actor, now: datetime) -> None:
    journal.append(
        kind=kind,
        by=by,
        now=now,
        person_id=alert.person_id,
        case_id=alert.case_id,
        object_uid=alert.uid,
        organisation_id=alert.organisation_id,
        code=code,
        values={"band": alert.band, "rule": alert.rule, "because": alert.because, "seen": alert.seen_count},
    )
