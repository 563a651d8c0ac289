"""Words of a call to a colleague: why it is made, its life, what keeps a telephone from being rung."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.contacts.states import AttemptOutcome
from medet.staff.states import Role


class StaffCallKind(TextChoices):
    """Why a colleague is rung."""

    TEST = "test", _("Test call")
    DUTY = "duty", _("Call to the telephone on duty")


class StaffCallState(TextChoices):
    """Where a call to a colleague stands."""

    ASKED = "asked", _("Asked for")
    RINGING = "ringing", _("It rings")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("Ended")


class DutyGap(TextChoices):
    """Why the robot cannot reach the telephone on duty of a clinic."""

    NONE = "none", _("none yet")
    PREFIX = "prefix", _("outside the allowed prefixes")
    INVALID = "invalid", _("does not exist")


_ROBOT = "robot"
OPEN = (StaffCallState.ASKED, StaffCallState.RINGING, StaffCallState.ANSWERED)
# Nobody waits for a test call but who looks at the page; what a duty call is about is owed by the request itself.
STAFF_CALL_LIFE = Life(
    name="staff_call",
    states=StaffCallState,
    moves=(
        *moves(NEW, StaffCallState.ASKED, Role.ADMINISTRATOR, "worker"),
        *moves(StaffCallState.ASKED, StaffCallState.RINGING, _ROBOT),
        *moves(StaffCallState.RINGING, StaffCallState.ANSWERED, _ROBOT),
        *moves(OPEN, StaffCallState.ENDED, _ROBOT, Role.ADMINISTRATOR),
    ),
    owes=dict.fromkeys(StaffCallState),
)
# The telephone did not ring, and not because somebody took the call back.
COULD_NOT = (AttemptOutcome.NETWORK_FAILED, AttemptOutcome.NOT_ALLOWED, AttemptOutcome.NO_PROMPT)
# Nobody was disturbed: these do not count against the calls that may be made.
NO_RING = (*COULD_NOT, AttemptOutcome.CANCELLED)

refused.register(
    {
        "test_call.prefix": _("This number does not begin with an allowed prefix of the trunk."),
        "test_call.busy": _("A test call is under way: wait for its end."),
        "test_call.too_many": _("There were %(n)d test calls within an hour: wait a little."),
    }
)
