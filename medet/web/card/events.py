"""One journal row in words: an icon, a sentence, and what belongs under it. A kind without a teller is not shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medet.base import wording
from medet.base.models import JournalEntry
from medet.contacts.states import AttemptOutcome, ContactOutcome
from medet.handovers.states import Urgency, VisitReason, VisitResult, VisitState
from medet.monitoring.models import Alert
from medet.monitoring.queries import files_by_key, versions_of
from medet.monitoring.rules import ORDER
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.monitoring.states import AlertState, DueState, GoesOn
from medet.people.states import ConsentKind, PhoneState
from medet.records.codes import label
from medet.records.states import CaseState, Classification, Pcr, Severity, Source, WithoutPcr
from medet.staff.models import User
from medet.tasks.states import Takeover, TaskKind
from medet.web.parts.told import sentence
from medet.web.parts.visits import redirected_words

BAD_CALLS = (ContactOutcome.DANGER,)
TALKED = (ContactOutcome.COMPLETE, ContactOutcome.DANGER, ContactOutcome.PARTIAL)
SOURCES = {Source.ROBOT: "robot", Source.OPERATOR: "phone", Source.CLINIC: "building-hospital"}
VISITS = {
    VisitState.SENT: "send",
    VisitState.UNDER_WAY: "walk",
    VisitState.DONE: "clipboard-check",
    VisitState.NOT_FOUND: "home-question",
    VisitState.REFUSED: "ban",
    VisitState.REDIRECTED: "arrow-right",
}
# A doctor's contact is never handed to the operators.
DOCTORS = {
    DueState.PLANNED: (gettext_lazy("Doctor's contact of %(day)s: planned"), "calendar-event"),
    DueState.DOCTORS: (gettext_lazy("Doctor's contact of %(day)s: the doctors are asked"), "stethoscope"),
    DueState.DONE: (gettext_lazy("Doctor's contact of %(day)s: made"), "circle-check"),
    DueState.CANCELLED: (gettext_lazy("Doctor's contact of %(day)s: called off"), "ban"),
}


# What is said of a call to a telephone on duty beside the outcomes of every call.
RUNG = {"heard": gettext_lazy("heard"), "answered": gettext_lazy("answered, no key was pressed")}


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
    answered: Mapping[UUID, int] = field(default_factory=dict)

    @classmethod
    def about(cls, entries: Iterable[JournalEntry]) -> "Telling":
        """A few queries for any number of rows."""
        rows = list(entries)
        people = {row.by_user_id for row in rows if row.by_user_id}
        uids = {row.object_uid for row in rows if row.kind.startswith("alert.")}
        alerts = {alert.uid: alert for alert in Alert.objects.filter(uid__in=uids)} if uids else {}
        told = {row.object_uid for row in rows if row.kind == "readings.recorded"}
        answered = versions_of(told) if told else {}
        keys = {alert.programme_id for alert in alerts.values()} | set(answered.values())
        users = {user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {}
        return cls(users, alerts, files_by_key(keys) if keys else {}, answered)

    def who(self, entry: JournalEntry) -> str:
        """The colleague; what the rules found is nobody's word, and the platform's own processes are not named."""
        if entry.kind in ("alert.raised", "alert.repeated"):
            return ""
        return self.users.get(entry.by_user_id, "") if entry.by_user_id else ""

    def file_of(self, entry: JournalEntry) -> ProgrammeFile | None:
        """The version that answers were given under."""
        version = self.answered.get(entry.object_uid)
        return self.programmes.get(version) if version else None

    def reasons(self, event: "Event") -> str:
        """Why the alerts of an event stood, the gravest first."""
        gravest = sorted(event.entries, key=lambda entry: ORDER.get(str(entry.values.get("band")), len(ORDER)))
        return " · ".join(dict.fromkeys(self.rule_words(entry) for entry in gravest))

    def rule_words(self, entry: JournalEntry) -> str:
        """Why an alert stands, in the words of the version that raised it."""
        alert = self.alerts.get(entry.object_uid)
        file = self.programmes.get(alert.programme_id) if alert else None
        rule = file.rule(alert.rule) if file and alert else None
        return rule.reason.in_language(wording.language()) if rule else str(entry.values.get("rule", ""))


Values = Mapping[str, object]


@dataclass
class Event:
    """One or several journal rows told as one, newest first."""

    entries: list[JournalEntry]

    @property
    def last(self) -> JournalEntry:
        """The newest row: the time and the doer of the event."""
        return self.entries[0]

    @property
    def values(self) -> Values:
        """Of all rows; a newer value wins."""
        return {key: value for entry in reversed(self.entries) for key, value in entry.values.items()}


Teller = Callable[[Event, Telling], Told]


def told_of(event: Event, words: Telling) -> Told:
    """The event in the reader's language."""
    return _TELLERS[event.last.kind](event, words)


def _readings(event: Event, words: Telling) -> Told:
    said = sentence({key: str(value) for key, value in event.values.items()}, words.file_of(event.last))
    source = str(Source(event.last.code).label)
    text = _("Answers: %(source)s") % {"source": source[:1].lower() + source[1:]}
    return Told(SOURCES.get(Source(event.last.code), "notebook"), text, said)


def _call(event: Event, words: Telling) -> Told:
    outcome = _call_words(event.last.code)
    icon = "phone-outgoing" if event.last.code in TALKED else "phone-off"
    number = _("attempt %(number)s") % {"number": event.values.get("attempt", "")}
    return Told(icon, _("Robot call: %(outcome)s") % {"outcome": outcome}, number, event.last.code in BAD_CALLS)


def _call_words(code: str) -> str:
    if code in ContactOutcome.values:
        return str(ContactOutcome(code).label).lower()
    return str(AttemptOutcome(code).label).lower() if code in AttemptOutcome.values else code


def _alert(event: Event, words: Telling) -> Told:
    bad = any(entry.values.get("band") in ("red", "amber") for entry in event.entries)
    return Told("alert-triangle", words.reasons(event), bad=bad)


def _alert_again(event: Event, words: Telling) -> Told:
    bad = any(entry.values.get("band") in ("red", "amber") for entry in event.entries)
    return Told("alert-triangle", _("Again: %(what)s") % {"what": words.reasons(event)}, _times(event), bad)


def _times(event: Event) -> str:
    seen = max((int(str(entry.values.get("seen", 0))) for entry in event.entries), default=0)
    return ngettext("seen in %(n)d contact", "seen in %(n)d contacts", seen) % {"n": seen}


def _alert_closed(event: Event, words: Telling) -> Told:
    return Told("check", str(AlertState(event.last.code).label), words.reasons(event))


def _case_opened(event: Event, words: Telling) -> Told:
    return Told("virus", _("Case opened: %(what)s") % {"what": str(Classification(event.last.code).label).lower()})


def _case_classified(event: Event, words: Telling) -> Told:
    return Told("virus", _("Case is now: %(what)s") % {"what": str(Classification(event.last.code).label).lower()})


def _pcr(event: Event, words: Telling) -> Told:
    on = wording.day_and_month(date.fromisoformat(str(event.values["on"])))
    return Told("virus", _("PCR of %(day)s: %(result)s") % {"day": on, "result": Pcr(event.last.code).label})


def _without_pcr(event: Event, words: Telling) -> Told:
    return Told("flag", _("Ended without a negative PCR"), str(WithoutPcr(event.last.code).label))


def _near(event: Event, words: Telling) -> Told:
    return Told("users", _("Somebody near the patient written down"))


def _case_moved(event: Event, words: Telling) -> Told:
    state = CaseState(event.last.code)
    return Told("bed" if state == CaseState.ADMITTED else "flag", str(state.label), bad=state == CaseState.DIED)


def _conclusion(event: Event, words: Telling) -> Told:
    severity = str(event.values.get("severity", ""))
    said = [str(Severity(severity).label).lower()] if severity in Severity.values else []
    said.append(f"{event.values.get('icd10', '')} {label('icd10', str(event.values.get('icd10', '')))}")
    return Told(
        "stethoscope", _("Conclusion: %(what)s") % {"what": label("outcomes", event.last.code)}, ", ".join(said)
    )


def _doctors(event: Event, words: Telling) -> Told:
    text, icon = DOCTORS[DueState(event.last.code)]
    on = wording.day_and_month(date.fromisoformat(str(event.values["on"])))
    return Told(icon, text % {"day": on})


def _observation(event: Event, words: Telling) -> Told:
    return Told("heartbeat", _("Observation started"))


def _extended(event: Event, words: Telling) -> Told:
    until, why = wording.day_and_month(date.fromisoformat(event.last.code)), str(event.values.get("why", ""))
    reason = str(GoesOn(why).label) if why in GoesOn.values else ""
    return Told("calendar-event", _("Observation goes on until %(day)s") % {"day": until}, reason)


def _observation_ended(event: Event, words: Telling) -> Told:
    return Told("flag", _("Observation ended"))


def _visit(event: Event, words: Telling) -> Told:
    state = VisitState(event.last.code)
    text = _("Home visit: %(state)s") % {"state": str(state.label).lower()}
    return Told(
        VISITS.get(state, "home"),
        text,
        _visit_detail(event.values),
        state in (VisitState.NOT_FOUND, VisitState.REFUSED),
    )


def _visit_detail(values: Values) -> str:
    found = [redirected_words(values)] if redirected_words(values) else []
    for name, words in (("reason", VisitReason), ("urgency", Urgency), ("result", VisitResult)):
        code = str(values.get(name) or "")
        found += [str(words(code).label)] if code in words.values else []
    return ", ".join(found)


def _shown(event: Event, words: Telling) -> Told:
    return Told("eye", _("Home visit: seen on the clinic’s page"))


def _rung(event: Event, words: Telling) -> Told:
    code = event.last.code
    said = RUNG.get(code) or _call_words(code)
    icon = "phone" if code == "heard" else "phone-off"
    return Told(icon, _("Home visit: the robot rang the clinic’s telephone on duty: %(outcome)s") % {"outcome": said})


def _allergy(event: Event, words: Telling) -> Told:
    return Told("alert-triangle", _("Allergy: %(what)s") % {"what": event.last.code})


def _representative(event: Event, words: Telling) -> Told:
    return Told("users", _("Somebody else answers for the patient"))


def _taken(event: Event, words: Telling) -> Told:
    return Told("user-check", _("Taken over: %(what)s") % {"what": _task_words(event.values)})


def _taken_over(event: Event, words: Telling) -> Told:
    names = {"what": _task_words(event.values), "name": event.values.get("held_by") or _("the role")}
    return Told("user-check", _("Taken over from %(name)s: %(what)s") % names, str(Takeover(event.last.code).label))


def _handed(event: Event, words: Telling) -> Told:
    names = {"what": _task_words(event.values), "name": event.last.code or _("the role")}
    return Told("send", _("Handed over to %(name)s: %(what)s") % names, str(event.values.get("note", "")))


def _given_back(event: Event, words: Telling) -> Told:
    return Told("arrow-left", _("Shift over, back to the role: %(what)s") % {"what": _task_words(event.values)})


def _climbed(event: Event, words: Telling) -> Told:
    return Told("arrow-up", _("Overdue, passed up: %(what)s") % {"what": _task_words(event.values)}, bad=True)


def _vain(event: Event, words: Telling) -> Told:
    return Told("phone-off", _("Rung by hand: nobody answered"))


def _task_words(values: Values) -> str:
    kind = str(values.get("task_kind", ""))
    return str(TaskKind(kind).label).lower() if kind in TaskKind.values else kind


def _phone(event: Event, words: Telling) -> Told:
    return Told("phone", _("Telephone: %(state)s") % {"state": str(PhoneState(event.last.code).label).lower()})


def _consent(event: Event, words: Telling) -> Told:
    kind = str(ConsentKind(event.last.code).label)
    if event.last.kind == "consent.given":
        return Told("circle-check", _("Consent given: %(kind)s") % {"kind": kind})
    return Told("ban", _("Consent refused or revoked: %(kind)s") % {"kind": kind})


def _registered(event: Event, words: Telling) -> Told:
    return Told("user", _("Registered"))


def _attached(event: Event, words: Telling) -> Told:
    return Told("building-hospital", _("Attached to a clinic"))


def _address(event: Event, words: Telling) -> Told:
    return Told("map-pin", _("Address written down"))


def _merged(event: Event, words: Telling) -> Told:
    return Told("users", _("Two records joined into one person"))


def _unmerged(event: Event, words: Telling) -> Told:
    return Told("users", _("Joined records parted again"))


_TELLERS: dict[str, Teller] = {
    "readings.recorded": _readings,
    "call.ended": _call,
    "alert.raised": _alert,
    "alert.repeated": _alert_again,
    "alert.closed": _alert_closed,
    "case.opened": _case_opened,
    "case.moved": _case_moved,
    "case.classified": _case_classified,
    "pcr.recorded": _pcr,
    "case.without_pcr": _without_pcr,
    "close_contact.noted": _near,
    "conclusion.signed": _conclusion,
    "doctor_contact.moved": _doctors,
    "enrolment.started": _observation,
    "enrolment.extended": _extended,
    "enrolment.ended": _observation_ended,
    "home_visit.moved": _visit,
    "home_visit.shown": _shown,
    "home_visit.rung": _rung,
    "task.taken": _taken,
    "task.taken_over": _taken_over,
    "task.climbed": _climbed,
    "task.handed": _handed,
    "task.given_back": _given_back,
    "task.postponed": _vain,
    "phone.marked": _phone,
    "consent.given": _consent,
    "consent.revoked": _consent,
    "person.registered": _registered,
    "allergy.noted": _allergy,
    "representative.named": _representative,
    "person.attached": _attached,
    "address.set": _address,
    "person.merged": _merged,
    "person.unmerged": _unmerged,
}
SHOWN = tuple(_TELLERS)
