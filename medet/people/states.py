"""Words of the room: sex, language, whose phone, its state, kinds of consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused


class Sex(TextChoices):
    """Sex as the person's papers say it; kept apart from the IIN."""

    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")
    UNKNOWN = "unknown", _("Not known")


class Language(TextChoices):
    """The language a person is spoken to in."""

    KK = "kk", "Қазақша"
    RU = "ru", "Русский"
    EN = "en", "English"


class Whose(TextChoices):
    """To whom a phone belongs."""

    OWN = "own", _("Own")
    HOUSEHOLD = "household", _("Household line")
    RELATIVE = "relative", _("Relative")
    NEIGHBOUR = "neighbour", _("Neighbour")
    WORK = "work", _("Work")


class PhoneState(TextChoices):
    """Whether a number may be rung."""

    UNCHECKED = "unchecked", _("Not checked")
    CHECKED = "checked", _("Checked")
    BAD = "bad", _("Bad number")
    DO_NOT_CALL = "do_not_call", _("Do not call")


DIALLABLE = (PhoneState.UNCHECKED, PhoneState.CHECKED)


class ConsentKind(TextChoices):
    """What a person agreed to; each kind is given and revoked by itself."""

    OBSERVATION = "observation", _("Remote observation")
    ROBOT_CALLS = "robot_calls", _("Robot calls")
    RECORDING = "recording", _("Recording of calls")
    PERSONAL_DATA = "personal_data", _("Personal medical data")


refused.register(
    {
        "person.representative_missing": _("Say who answers for the patient, and who that is to them."),
        "person.iin_taken": _("A person with this IIN is already in the register."),
        "person.iin_other_name": _("This IIN belongs to somebody else: check the number, the name and the birth date."),
        "person.merged_already": _("These two records are one person already."),
        "person.name_missing": _("Enter the family name and the given name."),
        "person.not_visible": _("This person is not in the care of your organisation."),
        "phone.marked_already": _("This number is known already: %(state)s. Mark it anew in the list."),
        "phone.unknown": _("This phone does not belong to the person."),
    }
)
