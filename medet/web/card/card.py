"""The person's card as every desk shows it, filled from the record of the human being behind all merged rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from medet.base import clock, names, wording
from medet.base.actor import Actor
from medet.monitoring.models import Alert, Enrolment
from medet.monitoring.queries import active_enrolment, alerts_of
from medet.monitoring.rules import ORDER
from medet.people.models import Person
from medet.people.queries import masked_number
from medet.people.states import Sex
from medet.records.models import Case
from medet.records.queries import last_case
from medet.records.states import CaseState, Classification, Regimen, Severity, Source
from medet.web.card.facts import facts_of
from medet.web.card.timeline import timeline
from medet.web.card.vitals import vitals
from medet.web.parts.shapes import Action, AlertBox, CardView, Fact, Pill, Tone
from medet.web.parts.words import band_pill, day_of, due_view

SHOWN_EVENTS = 12
# As one says it of a person; papers have other words.
SEXES = {
    Sex.FEMALE: pgettext_lazy("person", "woman"),
    Sex.MALE: pgettext_lazy("person", "man"),
    Sex.UNKNOWN: gettext_lazy("sex not known"),
}
SEVERE: dict[str, Tone] = {Severity.SEVERE: "red", Severity.CRITICAL: "red", Severity.MODERATE: "amber"}
ICONS: dict[str, tuple[Tone, str]] = {"red": ("red", "alert-triangle"), "amber": ("amber", "clock")}


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A person opened by somebody at a moment; the rest is read when it is asked for."""

    person: Person
    actor: Actor
    now: datetime
    url: str
    actions: Sequence[Action] = ()
    notes: Sequence[AlertBox] = ()
    household: Sequence[Fact] = ()
    case: Case | None = field(default=None)

    @classmethod
    def of(
        cls,
        person: Person,
        *,
        actor: Actor,
        now: datetime,
        url: str,
        actions: Sequence[Action] = (),
        notes: Sequence[AlertBox] = (),
        household: Sequence[Fact] = (),
    ) -> "Opened":
        """With the open case, or the last one that ended."""
        case = last_case(person)
        return cls(
            person=person,
            actor=actor,
            now=now,
            url=url,
            actions=actions,
            notes=notes,
            household=household,
            case=case,
        )


def card_view(opened: Opened) -> CardView:
    """Everything of the card in the reader's language."""
    person, case = opened.person, opened.case
    enrolment = active_enrolment(case) if case else None
    alerts = list(alerts_of(case)) if case else []
    return CardView(
        uid=str(person.uid),
        url=opened.url,
        name=person.full_name,
        initials=names.initials(person.family_name, person.given_name)[:1] + person.given_name[:1],
        age=_age(person, now=opened.now),
        sex=str(SEXES[Sex(person.sex)]),
        iin=masked_number(person),
        iin_url=reverse("card:number", args=[person.uid]) if person.iin_cipher else "",
        pills=_pills(case, enrolment, alerts, now=opened.now),
        alerts=[*opened.notes, *alert_boxes(alerts, now=opened.now)],
        facts=facts_of(person, case),
        household=opened.household,
        vitals=vitals(case, enrolment, now=opened.now) if case and enrolment else (),
        timeline=timeline(person, actor=opened.actor, now=opened.now, limit=SHOWN_EVENTS).rows,
        history_url=reverse("card:timeline", args=[person.uid]),
        actions=opened.actions,
    )


def _age(person: Person, *, now: datetime) -> str:
    if person.birth_date is None:
        return _("age not known")
    return wording.age(person.birth_date, on=clock.local_day(now))


def _pills(case: Case | None, enrolment: Enrolment | None, alerts: list[Alert], *, now: datetime) -> list[Pill]:
    if case is None:
        return []
    pills = [band_pill("red" if any(alert.band == "red" for alert in alerts) else "amber")] if alerts else []
    pills.append(Pill("brand", "virus", _case_words(case, enrolment, now=now)))
    pills.append(Pill(SEVERE.get(case.severity, "grey"), "temperature", str(Severity(case.severity).label)))
    return [*pills, _where(case)]


def _where(case: Case) -> Pill:
    if case.state == CaseState.AT_HOME:
        return Pill("grey", "home", str(Regimen(case.regimen).label))
    icon = "bed" if case.state == CaseState.ADMITTED else "flag"
    return Pill("grey", icon, str(CaseState(case.state).label))


def _case_words(case: Case, enrolment: Enrolment | None, *, now: datetime) -> str:
    words = f"{case.icd10} · {Classification(case.classification).label}"
    return f"{words} · {day_words(enrolment, now=now)}" if enrolment else words


def day_words(enrolment: Enrolment, *, now: datetime) -> str:
    """`day 6 of 14`."""
    return day_of(enrolment.started_on, enrolment.planned_end_on, now=now)


def alert_boxes(alerts: Sequence[Alert], *, now: datetime) -> list[AlertBox]:
    """One box a band, the gravest first: what was seen, where it was told, and until when somebody must act."""
    bands = dict.fromkeys(sorted((alert.band for alert in alerts), key=ORDER.__getitem__))
    return [_box([alert for alert in alerts if alert.band == band], now=now) for band in bands]


def _box(alerts: Sequence[Alert], *, now: datetime) -> AlertBox:
    tone, icon = ICONS.get(alerts[0].band, ("brand", "flag"))
    told = sorted(alerts, key=lambda alert: alert.last_seen_at, reverse=True)
    return AlertBox(
        tone=tone,
        icon=icon,
        text=" · ".join(dict.fromkeys(reason_words(alert) for alert in alerts)),
        detail=" · ".join(dict.fromkeys(_told(alert, now=now) for alert in told)),
        due=due_view(min(alert.due_at for alert in alerts), now=now),
    )


def reason_words(alert: Alert) -> str:
    """Why it stands, in the words of the version that raised it."""
    rule = alert.programme.file.rule(alert.rule)
    return rule.reason.in_language(wording.language()) if rule else alert.rule


def _told(alert: Alert, *, now: datetime) -> str:
    source = f"{Source(alert.answers.source).label}, " if alert.answers else ""
    return f"{source}{wording.near(alert.last_seen_at, now=now)}"
