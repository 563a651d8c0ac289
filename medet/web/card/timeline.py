"""What happened to a person, newest first: journal rows of every record of the human being, told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from medet.base import wording
from medet.base.actor import Actor
from medet.base.models import JournalEntry
from medet.people.models import Person
from medet.people.queries import journal_of
from medet.web.card.events import SHOWN, Telling, told_of
from medet.web.parts.shapes import TimelineRow

# The robot keeps each key at once; what was pressed in one conversation is told as one thing.
SAME_TALK = timedelta(minutes=15)
READINGS = "readings.recorded"
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
        cut = events[:limit][-1].entry.pk
        events = _joined([entry for entry in entries if entry.pk >= cut])
    words = Telling.about(event.entry for event in events)
    return Page([_row(event, words, now=now) for event in events], cut)


def _entries(person: Person, actor: Actor, before: int | None) -> QuerySet[JournalEntry]:
    ours = Q(organisation_id__in=actor.organisation_ids) | Q(organisation_id__isnull=True)
    # A home visit is the clinic's row; the centre that asked for it sees it as well.
    ours |= Q(kind="home_visit.moved", values__from_organisation__in=actor.organisation_ids)
    rows = journal_of(person).filter(ours, kind__in=SHOWN)
    return (rows.filter(pk__lt=before) if before else rows).order_by("-pk")


@dataclass
class Event:
    """One or several journal rows told as one."""

    entry: JournalEntry
    values: dict[str, object]


def _joined(entries: Sequence[JournalEntry]) -> list[Event]:
    """Readings of one conversation as one event, at the place of the last of them."""
    events: list[Event] = []
    talks: dict[tuple[str, int | None], Event] = {}
    for entry in entries:
        key = (entry.code, entry.by_user_id)
        talk = talks.get(key) if entry.kind == READINGS else None
        if talk and talk.entry.at - entry.at < SAME_TALK:
            talk.values = {**entry.values, **talk.values}
            continue
        events.append(Event(entry, dict(entry.values)))
        if entry.kind == READINGS:
            talks[key] = events[-1]
    return events


def _row(event: Event, words: Telling, *, now: datetime) -> TimelineRow:
    entry, told = event.entry, told_of(event.entry, event.values, words)
    return TimelineRow(
        at=entry.at,
        when=wording.near(entry.at, now=now),
        icon=told.icon,
        text=told.text,
        detail=" · ".join(part for part in (told.detail, words.who(entry)) if part),
        bad=told.bad,
    )
