"""Who may speak on a line: what they are asked, in which voice, and how their conversation went. No rows, no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from medet.monitoring.rules import Fact
from medet.monitoring.schema import Programme


class Voice(Protocol):
    """The recordings of one language."""

    def pcm(self, key: str) -> bytes:
        """8 kHz mono s16 audio of a prompt."""

    def version(self, key: str) -> str:
        """Which recording it is."""


@dataclass(frozen=True)
class Patient:
    """Whom the robot asks and what; what is known of them already, and how soon the centre answers a rule."""

    birth_year: int
    programme: Programme
    minutes: Mapping[str, int]
    known: Mapping[str, Fact] = field(default_factory=dict)


@dataclass
class Talk:
    """How a conversation went, filled while it goes, so that a hang-up loses nothing."""

    outcome: str = ""
    digits: str = ""
    answers: dict[str, Fact] = field(default_factory=dict)
    spoken: dict[str, str] = field(default_factory=dict)
    any_key: bool = False


class Listener(Protocol):
    """One person of the line, as the script sees them."""

    patient: Patient
    voice: Voice
    talk: Talk

    async def begin(self) -> bool:
        """They keyed in their year of birth; False when they may not be asked any more. Never raises."""

    def over(self) -> None:
        """They have said all; somebody else of the line speaks from now on."""

    def told(self, key: str, value: str, heard_at: float) -> None:
        """A key was understood, at this monotonic time."""

    async def kept(self) -> bool:
        """Whether all that they told stands in the rows by now; waits for it a moment."""
