"""Words of a list that is taken in, and of its rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role


class ListState(TextChoices):
    """Where a list stands."""

    PREVIEW = "preview", _("Preview, nothing written yet")
    TAKING = "taking", _("Being taken in")
    CHECK = "check", _("Rows wait for a person")
    TAKEN = "taken", _("Taken in")
    DISCARDED = "discarded", _("Thrown away")


class RowState(TextChoices):
    """Where a row stands."""

    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken in")
    CHECK = "check", _("To check by hand")
    BAD = "bad", _("To mend")
    LEFT = "left", _("Left out")


class Outcome(TextChoices):
    """What a row means for the register."""

    NEW = "new", _("New case")
    KNOWN = "known", _("Known, nothing changes")
    CHANGED = "changed", _("Changed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NEGATIVE = "negative", _("Negative, opens no case")
    CHECK = "check", _("To check by hand")
    BAD = "bad", _("To mend")


class Choice(TextChoices):
    """What a person decides about a row that needs a human eye."""

    SAME = "same", _("The same person: take the row in, keep the register’s data")
    OTHER = "other", _("Another person: register")
    LEAVE = "leave", _("Leave this row out")


_HANDS = (Role.OPERATOR, Role.SUPERVISOR)

# A list that is being taken in is held by the worker's loop (flows/loops.py looks for one that stands still).
LIST_LIFE = Life(
    name="intake_list",
    states=ListState,
    moves=(
        *moves(NEW, ListState.PREVIEW, *_HANDS),
        *moves(ListState.PREVIEW, ListState.TAKING, *_HANDS),
        *moves(ListState.PREVIEW, ListState.DISCARDED, *_HANDS, "worker"),
        *moves(ListState.TAKING, (ListState.CHECK, ListState.TAKEN), "worker"),
        *moves(ListState.CHECK, ListState.TAKEN, *_HANDS),
    ),
    owes={state: (Role.OPERATOR if state == ListState.CHECK else None) for state in ListState},
)
ROW_LIFE = Life(
    name="intake_row",
    states=RowState,
    moves=(
        *moves(NEW, RowState.WAITING, *_HANDS),
        *moves(NEW, RowState.BAD, *_HANDS),
        *moves(RowState.WAITING, RowState.BAD, *_HANDS, "worker"),
        *moves(RowState.BAD, RowState.WAITING, *_HANDS),
        *moves(RowState.WAITING, (RowState.TAKEN, RowState.CHECK), "worker"),
        *moves(RowState.CHECK, (RowState.TAKEN, RowState.LEFT), *_HANDS),
        *moves(RowState.BAD, RowState.LEFT, *_HANDS),
    ),
    owes=dict.fromkeys(RowState),  # the list owes for its rows: one task a list, not ten thousand
)

# What stops a row, and what a person should know of one that was taken.
REASONS = {
    "letters_lost": _("Letters were lost when the file was saved"),
    "name_missing": _("The family name or the given name is missing"),
    "name_signs": _("A name holds digits or signs"),
    "identity_missing": _("There is no IIN, no document and no birth date: nobody can tell who it is"),
    "iin_rounded": _("The spreadsheet rounded the IIN and its last digits are lost"),
    "date_unread": _("A date cannot be read"),
    "date_unclear": _("A date does not exist, or day and month are mixed up"),
    "year_short": _("The year of birth has two digits only"),
    "date_missing": _("The day of the sample is missing"),
    "birth_impossible": _("The birth date lies after the sample or too far back"),
    "date_future": _("A date lies in the future"),
    "result_missing": _("The result is missing"),
    "result_unknown": _("The result is neither positive, negative nor withdrawn"),
    "other_name": _("The register has another name under this number"),
    "other_birth_date": _("The register has another birth date"),
    "other_sex": _("The register has another sex"),
    "same_name": _(
        "Somebody of this name and birth date is in the register; the list has no number to tell them apart"
    ),
    "died": _("The register says that this person has died"),
    "older_than_case": _("The sample is older than the end of the last case"),
    "withdrawn_before": _("This sample was withdrawn before"),
    "nothing_to_withdraw": _("No case of this list’s samples is known that could be withdrawn"),
    "case_of_others": _("The case was not opened by a list: end it in the card if it is a mistake"),
    "danger_open": _("The case has an open danger sign: look at it first"),
    "fault": _("The row could not be taken in because of a fault of ours"),
    "phone_unread": _("A telephone number could not be read"),
    "phone_missing": _("No telephone"),
    "birth_date_missing": _("No birth date: the robot cannot ask who speaks"),
    "district_unknown": _("The district of the address is not known"),
    "clinic_unknown": _("The clinic is not known by this name"),
}

refused.register(
    {
        "list.case_of_others": REASONS["case_of_others"],
        "list.empty": _("There is no row in the file."),
        "list.old_excel": _("This is a file of an old Excel (.xls). Save it as XLSX or CSV and give it again."),
        "list.not_a_list": _("This is no list. Give a CSV or XLSX file."),
        "list.broken": _("The file is damaged or no real XLSX. Open it, save it anew and give it again."),
        "list.bomb": _("The file would unpack into far more than a list can hold, so it was not opened."),
        "list.too_long": _("The list has too many rows. Part it and give the parts one after the other."),
        "list.too_big": _("The file is larger than %(megabytes)s MB."),
        "list.not_preview": _("This list is no preview any more."),
        "list.not_visible": _("This list is not in the care of your organisation."),
        "list.row_settled": _("This row is decided already."),
        "list.choice_impossible": _("This row cannot be decided in this way."),
        "list.unchecked": _("Rows still wait for a decision."),
        "list.programme": _("Choose the programme that watches over the new cases."),
    }
)
