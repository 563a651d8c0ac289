"""What a row means for the register: values in, one outcome out. Pure."""

from dataclasses import dataclass
from datetime import date

from medet.base.names import fold
from medet.records.intake.entry import NEGATIVE, POSITIVE, WITHDRAWN, Entry

UNSURE = ("suspected", "probable")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the register says of the person who was found."""

    family_fold: str
    given_fold: str
    birth_date: date | None
    sex: str
    died: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything the register knows that bears on a row. `settled`: a person has decided that it is this one."""

    said_before: bool = False
    person: Facts | None = None
    namesake: bool = False
    namesake_ill: bool = False  # one of them has an open case
    sample: str = ""  # "", held (a case hangs on it), withdrawn
    last_sample: bool = False  # a sample of this person holds a case, whichever it is
    classification: str = ""  # of the open case
    ended_on: date | None = None  # of the last case that was no mistake
    fresh: bool = False  # a telephone, an address or a clinic that the register does not have
    settled: bool = False


@dataclass(frozen=True)
class Decision:
    """An outcome (states.Outcome) with the codes of its reasons."""

    outcome: str
    reasons: tuple[str, ...] = ()


def decide(entry: Entry, known: Known) -> Decision:
    """Nothing is overwritten and nobody is doubled: what is not plain goes to a person."""
    if known.said_before:
        return Decision("known")
    if entry.result != POSITIVE:
        return _taken_back(entry, known)
    doubts = () if known.settled else differences(entry, known)
    if doubts:
        return Decision("check", doubts)
    return _positive(entry, known)


def _taken_back(entry: Entry, known: Known) -> Decision:
    if known.sample == "held" or (entry.result == WITHDRAWN and known.last_sample):
        doubts = () if known.settled else differences(entry, known)
        return Decision("check", doubts) if doubts else Decision("withdrawn")
    if entry.result == NEGATIVE:
        # It is written to the case of whoever is ill, and may end it: no doubt about who it is.
        ill = known.classification or known.namesake_ill
        doubts = differences(entry, known) if ill and not known.settled else ()
        return Decision("check", doubts) if doubts else Decision("negative")
    return Decision("known") if known.sample == "withdrawn" else Decision("check", ("nothing_to_withdraw",))


def differences(entry: Entry, known: Known) -> tuple[str, ...]:
    """Why it may be somebody else than the one who was found."""
    if known.person is None:
        return ("same_name",) if known.namesake else ()
    found, codes = known.person, []
    if (fold(entry.family_name), fold(entry.given_name)) != (found.family_fold, found.given_fold):
        codes.append("other_name")
    if found.birth_date and entry.birth_date and found.birth_date != entry.birth_date:
        codes.append("other_birth_date")
    if {found.sex, entry.sex} == {"female", "male"}:
        codes.append("other_sex")
    return tuple([*codes, "died"] if found.died else codes)


def _positive(entry: Entry, known: Known) -> Decision:
    if known.person is None:
        return Decision("new")
    if known.sample == "withdrawn" and not known.settled:
        return Decision("check", ("withdrawn_before",))
    if known.classification:
        return Decision("changed" if known.fresh or known.classification in UNSURE else "known")
    if known.sample == "held":
        return Decision("changed" if known.fresh else "known")
    if known.ended_on and entry.taken_on <= known.ended_on and not known.settled:
        return Decision("check", ("older_than_case",))
    return Decision("new")
