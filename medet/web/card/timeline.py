"""What happened to a person, newest first: journal rows of every record of the human being, told in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from medet.base import wording
from medet.base.actor import Actor
from medet.base.models import JournalEntry
from medet.people.models import Person
from medet.people.queries import journal_of
from medet.web.card.events import SHOWN, Event, Telling, told_of
from medet.web.parts.shapes import TimelineRow

# The robot keeps each key at once, and one conclusion settles many alerts: each is told as one thing.
SAME_TALK = timedelta(minutes=15)
# Kinds of which several rows are one event, and what else must be the same.
SAME: dict[str, Callable[[JournalEntry], str]] = {
    "readings.recorded": lambda entry: f"{entry.code} {entry.object_uid}",
    "alert.raised": lambda entry: "",
    "alert.repeated": lambda entry: "",
    "alert.closed": lambda entry: entry.code,
}
ROWS_AN_EVENT = 4


@dataclass(frozen=True)
class Page:
    """Some rows, and what the next page begins after."""

    rows: list[TimelineRow]
    before: int | None


def timeline(person: Person, *, actor: Actor, now: datetime, limit: int, before: int | None = None) -> Page:
    """Rows that the actor's organisations may see; `before` is the id the page begins under."""
    entries = list(_entries(person, actor, before)[: limit * ROWS_AN_EVENT])
    events = _joined(entries)
    cut = None
    if len(events) > limit or len(entries) == limit * ROWS_AN_EVENT:
        # A conversation that lies across the cut is told in two parts: nothing twice and nothing lost.
        cut = events[:limit][-1].last.pk
        events = _joined([entry for entry in entries if entry.pk >= cut])
    words = Telling.about(entry for event in events for entry in event.entries)
    return Page([_row(event, words, now=now) for event in events], cut)


def _entries(person: Person, actor: Actor, before: int | None) -> QuerySet[JournalEntry]:
    ours = Q(organisation_id__in=actor.organisation_ids) | Q(organisation_id__isnull=True)
    # A home visit is the clinic's row; the centre that asked for it sees it as well.
    ours |= Q(kind__startswith="home_visit.", values__from_organisation__in=actor.organisation_ids)
    rows = journal_of(person).filter(ours, kind__in=SHOWN)
    return (rows.filter(pk__lt=before) if before else rows).order_by("-pk")


def _joined(entries: Sequence[JournalEntry]) -> list[Event]:
    """What was told, found or settled in one go as one event, at the place of the last of its rows."""
    events: list[Event] = []
    going: dict[tuple[str, str, int | None], Event] = {}
    for entry in entries:
        key = (entry.kind, SAME[entry.kind](entry), entry.by_user_id) if entry.kind in SAME else None
        event = going.get(key) if key else None
        if event and event.last.at - entry.at < SAME_TALK:
            event.entries.append(entry)
            continue
        events.append(Event([entry]))
        if key:
            going[key] = events[-1]
    return events


def _row(event: Event, words: Telling, *, now: datetime) -> TimelineRow:
    entry, told = event.last, told_of(event, words)
    return TimelineRow(
        at=entry.at,
        when=wording.near(entry.at, now=now),
        icon=told.icon,
        text=told.text,
        detail=" · ".join(part for part in (told.detail, words.who(entry)) if part),
        bad=told.bad,
    )
