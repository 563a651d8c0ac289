"""What templates are filled with. Queries build these; every word in them is already in the reader's language.

Plain frozen values: a template can be shown, tested and photographed without a database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["red", "amber", "green", "brand", "grey"]
Look = Literal["", "primary", "go", "stop", "danger", "ghost", "tight"]


@dataclass(frozen=True)
class Pill:
    """A state: always icon, word and colour together."""

    tone: Tone
    icon: str
    word: str


@dataclass(frozen=True)
class DueView:
    """A deadline as it is said now (`words.due_view`); `tick.js` keeps saying it as time goes by."""

    epoch: int
    words: str
    tone: Tone
    at: str


@dataclass(frozen=True)
class Action:
    """A move the reader may make: a POST to `url`, or a link when `method` is get."""

    code: str
    label: str
    url: str
    icon: str = ""
    look: Look = ""
    key: str = ""
    method: Literal["post", "get"] = "post"
    shown: tuple[str, ...] = ()  # the alerts the page shows, posted with the move


@dataclass(frozen=True)
class Tab:
    """A filter of a list, or one of several forms: an ordinary link."""

    label: str
    url: str
    count: int | str | None = None
    current: bool = False
    key: str = ""


@dataclass(frozen=True)
class Step:
    """One station on the way of a thing (`parts/_steps.html`)."""

    label: str
    done: bool = False
    current: bool = False


@dataclass(frozen=True)
class QueueRow:
    """One person in a worklist: what band, why in words, by when."""

    uid: str
    url: str
    name: str
    age: str
    band: Pill
    reason: str
    due: DueView | None = None
    meta: tuple[str, ...] = ()
    current: bool = False
    held_by: str = ""
    elsewhere: bool = False  # its page is no part of the desk: an ordinary link


@dataclass(frozen=True)
class Queue:
    """A worklist in its one order: risk, then deadline."""

    title: str
    rows: Sequence[QueueRow]
    tabs: Sequence[Tab] = ()
    overdue: int | str = 0
    empty: str = ""
    note: str = ""
    found: bool = False  # people who were searched for
    # Said to screen readers and shown in the window's title when it changes.
    urgent: int = 0
    # A long list is read page by page.
    more_url: str = ""
    start_url: str = ""
    next_url: str = ""  # where the next patient is asked for by one key


@dataclass(frozen=True)
class Fact:
    """A labelled fact of the card; `icon` with `icon_label` marks it (a checked telephone); a long one is `wide`."""

    label: str
    value: str
    icon: str = ""
    icon_label: str = ""
    strong: bool = False
    url: str = ""
    wide: bool = False


@dataclass(frozen=True)
class VitalTile:
    """A measured value with its course; `course` says the line in words for those who cannot see it."""

    label: str
    value: str
    unit: str = ""
    tone: Tone = "grey"
    trend: Literal["", "up", "down"] = ""
    trend_label: str = ""
    note: str = ""
    values: tuple[float, ...] = ()
    course: str = ""


@dataclass(frozen=True)
class TimelineRow:
    """One thing that happened to the person."""

    at: datetime
    when: str
    icon: str
    text: str
    detail: str = ""
    bad: bool = False
    url: str = ""


@dataclass(frozen=True)
class AlertBox:
    """What must be seen before anything else."""

    tone: Tone
    icon: str
    text: str
    detail: str = ""
    due: DueView | None = None


@dataclass(frozen=True)
class CardView:
    """A person as every desk sees them. The IIN is masked; `iin_url` shows it and leaves an audit row."""

    uid: str
    url: str
    name: str
    initials: str
    age: str
    sex: str
    iin: str
    iin_url: str = ""
    pills: Sequence[Pill] = ()
    alerts: Sequence[AlertBox] = ()
    facts: Sequence[Fact] = ()
    household: Sequence[Fact] = ()
    vitals: Sequence[VitalTile] = ()
    timeline: Sequence[TimelineRow] = ()
    history_url: str = ""
    actions: Sequence[Action] = ()


@dataclass(frozen=True)
class ConclusionView:
    """A recorded conclusion: read only; `amend_url` opens a new version."""

    uid: str
    version: int
    signed: str
    by: str
    facts: Sequence[Fact]
    advice: Sequence[str] = ()
    amend_url: str = ""
    next_moves: Sequence[Action] = ()


@dataclass(frozen=True)
class VisitRow:
    """A home visit in the clinic's list."""

    uid: str
    url: str
    name: str
    age: str
    state: Pill
    band: Pill
    reason: str
    address: str
    due: DueView | None = None
    worker: str = ""
    current: bool = False


@dataclass(frozen=True)
class VisitView:
    """A home visit opened at the clinic; forms that its state allows come beside it (`clinic/forms.py`)."""

    uid: str
    url: str
    number: str
    name: str
    age: str
    sex: str
    state: Pill
    band: Pill
    reason: str
    address: str
    address_note: str
    phone: str
    phone_url: str
    due: DueView | None
    from_whom: str
    why_this_clinic: str
    facts: Sequence[Fact] = ()
    told: Sequence[Fact] = ()
    history: Sequence[TimelineRow] = ()
    steps: Sequence[Step] = ()
    actions: Sequence[Action] = ()
    result: str = ""


@dataclass(frozen=True)
class UserMenu:
    """Who is signed in."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True)
class WorkMenu:
    """Whether the reader is on shift; for roles that work in shifts."""

    presence: Pill
    is_on: bool


@dataclass(frozen=True)
class DeviceMenu:
    """The telephone in hand: how soon it locks when it is a shared one, and what may be done about sharing."""

    lock_s: int = 0  # 0: not shared
    pin_url: str = ""
    list_url: str = ""
    lacks_pin: bool = False  # at a shared one, and came by password


@dataclass(frozen=True)
class DeviceRow:
    """A clinic's shared telephone in a list: who opens it."""

    uid: str
    name: str
    made: str
    used: str
    people: Sequence[tuple[str, Pill]] = ()


@dataclass(frozen=True)
class Stat:
    """A number of the top bar."""

    label: str
    value: str


@dataclass(frozen=True)
class Shell:
    """The frame of every page (`shell.shell` fills it for each request)."""

    demo: bool
    now: datetime
    live_url: str
    user: UserMenu | None = None
    work: WorkMenu | None = None
    device: DeviceMenu | None = None
    stats: Sequence[Stat] = ()
    product: str = "Medet"
    calling_hours: str = ""

    @property
    def epoch(self) -> int:
        """Our clock, which in the demo runs ahead of the reader's."""
        return int(self.now.timestamp())


@dataclass(frozen=True)
class DemoLogin:
    """A made-up member of staff offered on the demo's sign-in page."""

    username: str
    role: str
    password: str
