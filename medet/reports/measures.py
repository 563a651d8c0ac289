"""What is counted: the rows of each measure, when a row counts, and by what it can be split."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medet.base.actor import Actor
from medet.base.clock import LOCAL
from medet.base.models import JournalEntry
from medet.contacts.models import CallLine
from medet.contacts.states import AttemptOutcome, ContactOutcome, Direction, InboundReason
from medet.monitoring.models import Enrolment
from medet.records.models import Case, Conclusion
from medet.records.states import OBSERVED, CaseState, Classification, Severity
from medet.reports.breakdowns import Breakdown, by_age, by_choices, by_codes, by_district, by_risk
from medet.reports.periods import Period

BY_PEOPLE = (ContactOutcome.WRITTEN, ContactOutcome.NOT_REACHED)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`at` places a row in time; without it the measure says how things stand now. `person` leads to who it is."""

    code: str
    title: str | Promise
    how: str | Promise
    rows: Callable[[Actor], QuerySet[Any]]
    at: str = ""
    at_is_day: bool = False
    person: str
    by: tuple[Breakdown, ...] = ()

    def within(self, period: Period, actor: Actor) -> QuerySet[Any]:
        """The rows that count."""
        rows = self.rows(actor)
        if not self.at:
            return rows
        first, after = period.moments(LOCAL)
        if self.at_is_day:
            return rows.filter(**{f"{self.at}__gte": period.first, f"{self.at}__lte": period.last})
        return rows.filter(**{f"{self.at}__gte": first, f"{self.at}__lt": after})

    def part(self, code: str) -> Breakdown | None:
        """The breakdown of that name."""
        return next((breakdown for breakdown in self.by if breakdown.code == code), None)


def _calls(direction: Direction) -> Callable[[Actor], QuerySet[CallLine]]:
    return lambda actor: CallLine.objects.filter(organisation_id__in=actor.organisation_ids, direction=direction)


def _observed(actor: Actor) -> QuerySet[Enrolment]:
    """The first watch over each case; a case opened by mistake was none."""
    mine = Enrolment.objects.filter(organisation_id__in=actor.organisation_ids)
    earlier = Enrolment.objects.filter(case=OuterRef("case"), pk__lt=OuterRef("pk"))
    return mine.filter(~Exists(earlier)).exclude(case__state=CaseState.MISTAKEN)


def _now_observed(actor: Actor) -> QuerySet[Case]:
    return Case.objects.filter(organisation_id__in=actor.organisation_ids, state__in=OBSERVED)


def _admitted(actor: Actor) -> QuerySet[Case]:
    """Cases that went from home to hospital, by the first time they did."""
    moved = JournalEntry.objects.filter(object_uid=OuterRef("uid"), kind="case.moved", code=CaseState.ADMITTED)
    first = Subquery(moved.order_by("at").values("at")[:1])
    mine = Case.objects.filter(organisation_id__in=actor.organisation_ids)
    return mine.annotate(admitted_at=first).filter(admitted_at__isnull=False)


def _concluded(actor: Actor) -> QuerySet[Conclusion]:
    """The last version of each conclusion."""
    return Conclusion.objects.filter(organisation_id__in=actor.organisation_ids, amended_by__isnull=True)


def _by_call_outcome() -> Breakdown:
    """The robot's calls by how they ended, those of people by what was written of them."""
    words = {**dict(ContactOutcome.choices), **dict(AttemptOutcome.choices)}
    return Breakdown(
        code="outcome",
        title=_("Outcome"),
        parts=lambda: [(code, str(words[code])) for code in (*AttemptOutcome.values, *BY_PEOPLE)],
        part=lambda: F("outcome"),
        field="outcome",
    )


INBOUND = Measure(
    code="inbound",
    title=_("Inbound calls"),
    how=_("Calls of people to the centre."),
    rows=_calls(Direction.INBOUND),
    at="at",
    person="person",
    by=(by_choices("reason", _("Reason"), InboundReason),),
)
OUTBOUND = Measure(
    code="outbound",
    title=_("Outbound calls"),
    how=_("Every call the robot dialled, answered or not, and calls of the staff."),
    rows=_calls(Direction.OUTBOUND),
    at="at",
    person="person",
    by=(_by_call_outcome(),),
)
NEW = Measure(
    code="new",
    title=_("New patients"),
    how=_("Cases taken under observation at home, by the first day; cases opened by mistake are left out."),
    rows=_observed,
    at="started_on",
    at_is_day=True,
    person="case__person",
    by=(
        by_district(person="case__person", at="started_on"),
        by_age(born="case__person__birth_date", on="started_on"),
        by_risk(field="case__risk_groups"),
        by_choices("classification", _("Diagnosis"), Classification, "case__classification"),
    ),
)
CONCLUSIONS = Measure(
    code="conclusions",
    title=_("Conclusions of doctors"),
    how=_("Signed conclusions; of an amended one the last version."),
    rows=_concluded,
    at="signed_at",
    person="case__person",
    by=(
        by_codes("outcome", _("Conclusion"), "outcomes"),
        by_choices("severity", _("Severity"), Severity),
    ),
)
NOW = Measure(
    code="now",
    title=_("Under observation now"),
    how=_("Cases observed at home at this moment."),
    rows=_now_observed,
    person="person",
    by=(
        by_district(person="person", at="opened_at"),
        by_age(born="person__birth_date", on="opened_at"),
        by_risk(field="risk_groups"),
        by_choices("severity", _("Severity"), Severity),
    ),
)
ADMITTED = Measure(
    code="admitted",
    title=_("Admitted to hospital"),
    how=_("Cases sent from home to hospital, by the first time."),
    rows=_admitted,
    at="admitted_at",
    person="person",
    by=(by_choices("severity", _("Severity"), Severity),),
)
MEASURES = {measure.code: measure for measure in (NEW, NOW, ADMITTED, INBOUND, OUTBOUND, CONCLUSIONS)}
