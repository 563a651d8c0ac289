"""Words of the line: the life of a test call, and why something about it is refused."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role


class TestCallState(TextChoices):
    """Where a test call stands."""

    ASKED = "asked", _("Asked for")
    RINGING = "ringing", _("It rings")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("Ended")


_ROBOT = "robot"
OPEN = (TestCallState.ASKED, TestCallState.RINGING, TestCallState.ANSWERED)
# Nobody waits for a test call but who looks at the page: no move is owed.
TEST_CALL_LIFE = Life(
    name="test_call",
    states=TestCallState,
    moves=(
        *moves(NEW, TestCallState.ASKED, Role.ADMINISTRATOR),
        *moves(TestCallState.ASKED, TestCallState.RINGING, _ROBOT),
        *moves(TestCallState.RINGING, TestCallState.ANSWERED, _ROBOT),
        *moves(OPEN, TestCallState.ENDED, _ROBOT, Role.ADMINISTRATOR),
    ),
    owes=dict.fromkeys(TestCallState),
)

refused.register(
    {
        "trunk.address": _("The address is a name or a number of the network with its port: sip.example.kz:5060."),
        "trunk.prefixes": _("Prefixes begin with + and a country code, for example +7."),
        "trunk.none": _("No telephone trunk is set yet."),
        "trunk.environment": _("The trunk is set by the environment of the processes and cannot be changed here."),
        "test_call.prefix": _("This number does not begin with an allowed prefix of the trunk."),
        "test_call.busy": _("A test call is under way: wait for its end."),
        "test_call.too_many": _("There were %(n)d test calls within an hour: wait a little."),
        "recording.not_wav": _("This is not a WAV file. Save the recording as WAV, 16 bit."),
        "recording.shape": _("The recording must be 16 bit, mono or stereo, with 8 to 48 kHz."),
        "recording.long": _("The recording is longer than %(n)d seconds."),
        "recording.short": _("There is hardly any speech in the recording."),
        "recording.clipped": _("The recording is too loud and its peaks are cut off: record it quieter."),
        "recording.quiet": _("The recording is too quiet: speak nearer to the microphone."),
        "recording.unknown": _("There is no such prompt."),
    }
)
