"""Words of the rota: the life of a swap, and how an answer to "who is on duty" was found."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role

# Who is planned in a rota.
ROSTERED = (Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR)
ANY_LANGUAGE = ""


class SwapState(TextChoices):
    """Where a question to a colleague stands."""

    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class How(TextChoices):
    """How sure an answer is, the surest first."""

    AT_WORK = "at_work", _("on duty, shift started")
    ON_DUTY = "on_duty", _("on duty, shift not started yet")
    ON_SHIFT = "on_shift", _("at work, not in the rota")
    NEXT = "next", _("next in the rota")
    HOLDER = "holder", _("not in the rota")
    NOBODY = "nobody", _("nobody holds this role")


SWAP_LIFE = Life(
    name="swap",
    states=SwapState,
    moves=(
        *moves(NEW, SwapState.ASKED, *ROSTERED),
        *moves(SwapState.ASKED, (SwapState.ACCEPTED, SwapState.REFUSED), *ROSTERED),
        *moves(SwapState.ASKED, SwapState.WITHDRAWN, *ROSTERED, "worker"),
    ),
    # Not a role: the one colleague who was asked. Unanswered in time, the task climbs to the supervisor.
    owes={SwapState.ASKED: "colleague", **dict.fromkeys(list(SwapState)[1:])},
)

refused.register(
    {
        "rota.not_yours": _("Only a supervisor of this organisation plans its rota."),
        "rota.changed": _("The rota was changed meanwhile. Please look again."),
        "duty.not_holder": _("%(name)s does not hold this role here."),
        "duty.backwards": _("A duty ends after it begins."),
        "duty.too_long": _("A duty is at most %(hours)s hours long."),
        "duty.over": _("What is over is not planned any more."),
        "duty.overlap": _("%(name)s already has a duty at that time."),
        "shift.running": _("Your shift has already begun."),
        "shift.not_running": _("You are not on shift."),
        "shift.no_role": _("You hold no role here that works in shifts."),
        "swap.not_yours": _("This duty or question is somebody else's."),
        "swap.self": _("A duty is swapped with a colleague."),
        "swap.asked": _("Somebody was already asked to take this duty."),
        "swap.same_time": _("The two duties are at the same time."),
        "swap.not_theirs": _("The duty in return is not this colleague's."),
    }
)
