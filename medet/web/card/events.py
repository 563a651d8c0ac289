"""One journal row in words: an icon, a sentence, and what belongs under it. A kind without a teller is not shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from medet.base import wording
from medet.base.models import JournalEntry
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.handovers.states import Urgency, VisitReason, VisitResult, VisitState
from medet.monitoring.models import Alert, Programme
from medet.monitoring.queries import files_by_key
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.monitoring.states import AlertState
from medet.people.states import PhoneState
from medet.records.codes import label
from medet.records.states import CaseState, Classification, Severity, Source
from medet.staff.models import User
from medet.tasks.states import TaskKind
from medet.web.parts.told import sentence

BAD_CALLS = (ContactOutcome.DANGER,)
TALKED = (ContactOutcome.COMPLETE, ContactOutcome.DANGER, ContactOutcome.PARTIAL)
SOURCES = {Source.ROBOT: "robot", Source.OPERATOR: "phone", Source.CLINIC: "building-hospital"}
VISITS = {
    VisitState.SENT: "send",
    VisitState.UNDER_WAY: "walk",
    VisitState.DONE: "clipboard-check",
    VisitState.NOT_FOUND: "home-question",
    VisitState.REFUSED: "ban",
}


@dataclass(frozen=True)
class Told:
    """An event as the timeline shows it."""

    icon: str
    text: str
    detail: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Telling:
    """What the words of many rows need, read at once."""

    users: Mapping[int, str] = field(default_factory=dict)
    alerts: Mapping[UUID, Alert] = field(default_factory=dict)
    programmes: Mapping[int, ProgrammeFile] = field(default_factory=dict)
    newest: ProgrammeFile | None = None

    @classmethod
    def about(cls, entries: Iterable[JournalEntry]) -> "Telling":
        """Three queries for any number of rows."""
        rows = list(entries)
        people = {row.by_user_id for row in rows if row.by_user_id}
        uids = {row.object_uid for row in rows if row.kind.startswith("alert.")}
        alerts = {alert.uid: alert for alert in Alert.objects.filter(uid__in=uids)} if uids else {}
        newest = Programme.objects.order_by("-pk").values_list("pk", flat=True).first()
        keys = {alert.programme_id for alert in alerts.values()} | ({newest} if newest else set())
        programmes = files_by_key(keys)
        users = {user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {}
        return cls(users, alerts, programmes, programmes.get(newest) if newest else None)

    def who(self, entry: JournalEntry) -> str:
        """The colleague; the platform's own processes are not named."""
        return self.users.get(entry.by_user_id, "") if entry.by_user_id else ""

    def rule_words(self, entry: JournalEntry) -> str:
        """Why an alert stands, in the words of the version that raised it."""
        alert = self.alerts.get(entry.object_uid)
        file = self.programmes.get(alert.programme_id) if alert else None
        rule = file.rule(alert.rule) if file and alert else None
        return rule.reason.in_language(wording.language()) if rule else str(entry.values.get("rule", ""))


Values = Mapping[str, object]
Teller = Callable[[JournalEntry, Values, Telling], Told]


def told_of(entry: JournalEntry, values: Values, words: Telling) -> Told:
    """The row in the reader's language."""
    return _TELLERS[entry.kind](entry, values, words)


def _readings(entry: JournalEntry, values: Values, words: Telling) -> Told:
    said = sentence({key: str(value) for key, value in values.items()}, words.newest)
    return Told(SOURCES.get(Source(entry.code), "notebook"), str(Source(entry.code).label), said)


def _call(entry: JournalEntry, values: Values, words: Telling) -> Told:
    outcome = _call_words(entry.code)
    icon = "phone-outgoing" if entry.code in TALKED else "phone-off"
    number = _("attempt %(number)s") % {"number": values.get("attempt", "")}
    return Told(icon, _("Robot call: %(outcome)s") % {"outcome": outcome}, number, entry.code in BAD_CALLS)


def _call_words(code: str) -> str:
    if code in ContactOutcome.values:
        return str(ContactOutcome(code).label).lower()
    return str(AttemptOutcome(code).label).lower() if code in AttemptOutcome.values else code


def _alert(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("alert-triangle", words.rule_words(entry), bad=values.get("band") in ("red", "amber"))


def _alert_closed(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("check", f"{words.rule_words(entry)}: {str(AlertState(entry.code).label).lower()}")


def _case_opened(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("virus", _("Case opened: %(what)s") % {"what": str(Classification(entry.code).label).lower()})


def _case_moved(entry: JournalEntry, values: Values, words: Telling) -> Told:
    state = CaseState(entry.code)
    return Told("bed" if state == CaseState.ADMITTED else "flag", str(state.label), bad=state == CaseState.DIED)


def _conclusion(entry: JournalEntry, values: Values, words: Telling) -> Told:
    severity = str(values.get("severity", ""))
    said = [str(Severity(severity).label).lower()] if severity in Severity.values else []
    said.append(f"{values.get('icd10', '')} {label('icd10', str(values.get('icd10', '')))}")
    return Told("stethoscope", _("Conclusion: %(what)s") % {"what": label("outcomes", entry.code)}, ", ".join(said))


def _observation(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("heartbeat", _("Observation started"))


def _observation_ended(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("flag", _("Observation ended"))


def _visit(entry: JournalEntry, values: Values, words: Telling) -> Told:
    state = VisitState(entry.code)
    text = _("Home visit: %(state)s") % {"state": str(state.label).lower()}
    return Told(
        VISITS.get(state, "home"), text, _visit_detail(values), state in (VisitState.NOT_FOUND, VisitState.REFUSED)
    )


def _visit_detail(values: Values) -> str:
    found = []
    for name, words in (("reason", VisitReason), ("urgency", Urgency), ("result", VisitResult)):
        code = str(values.get(name) or "")
        found += [str(words(code).label)] if code in words.values else []
    return ", ".join(found)


def _taken(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("user-check", _("Taken over: %(what)s") % {"what": _task_words(values)})


def _climbed(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("arrow-up", _("Overdue, passed up: %(what)s") % {"what": _task_words(values)}, bad=True)


def _task_words(values: Values) -> str:
    kind = str(values.get("task_kind", ""))
    return str(TaskKind(kind).label).lower() if kind in TaskKind.values else kind


def _phone(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("phone", _("Telephone: %(state)s") % {"state": str(PhoneState(entry.code).label).lower()})


def _registered(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("user", _("Registered"))


def _attached(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("building-hospital", _("Attached to a clinic"))


def _address(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("map-pin", _("Address written down"))


def _merged(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("users", _("Two records joined into one person"))


def _unmerged(entry: JournalEntry, values: Values, words: Telling) -> Told:
    return Told("users", _("Joined records parted again"))


_TELLERS: dict[str, Teller] = {
    "readings.recorded": _readings,
    "call.ended": _call,
    "alert.raised": _alert,
    "alert.closed": _alert_closed,
    "case.opened": _case_opened,
    "case.moved": _case_moved,
    "conclusion.signed": _conclusion,
    "enrolment.started": _observation,
    "enrolment.ended": _observation_ended,
    "home_visit.moved": _visit,
    "task.taken": _taken,
    "task.climbed": _climbed,
    "phone.marked": _phone,
    "person.registered": _registered,
    "person.attached": _attached,
    "address.set": _address,
    "person.merged": _merged,
    "person.unmerged": _unmerged,
}
SHOWN = tuple(_TELLERS)
