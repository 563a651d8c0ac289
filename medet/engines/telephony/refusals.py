"""Why an engine did not place a call, and the end of a leg in the middle of a script.

`code` is stable: faces turn it into a sentence in the user's language.
"""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from medet.engines.telephony.protocol import LegEnd


class CallRefused(Exception):
    """The engine refused before any packet left: nobody's phone rang."""

    code: ClassVar[str] = "telephony.refused"

    def __init__(self, detail: str) -> None:
        """`detail` names the value that was refused."""
        super().__init__(f"{self.code}: {detail}")
        self.detail = detail


class NumberNotAllowed(CallRefused):
    """Not an E.164 number, or outside the trunk's allowed prefixes."""

    code = "telephony.number_not_allowed"


class NoChannel(CallRefused):
    """Every channel of the trunk is in use."""

    code = "telephony.no_channel"


class TrunkDown(CallRefused):
    """The trunk is not registered, so it would refuse the call."""

    code = "telephony.trunk_down"


class UnknownTrunk(CallRefused):
    """No trunk of this name."""

    code = "telephony.unknown_trunk"


class AlreadyDialled(CallRefused):
    """This idempotency key was dialled by this engine before."""

    code = "telephony.already_dialled"


class TooLate(CallRefused):
    """What allowed the call is too old: whoever stopped the calls meanwhile must be sure that none leaves."""

    code = "telephony.too_late"


class EngineClosed(CallRefused):
    """The engine is draining, closed, or its SIP stack has died."""

    code = "telephony.engine_closed"


class NotStarted(Exception):
    """The engine could not start: its port is taken, or its stack will not run."""

    code: ClassVar[str] = "telephony.not_started"


class DialUncertain(Exception):
    """The stack was lost between the order to dial and its answer: the phone may ring.

    Close the attempt as `unknown`, never dial again at once, and let the process end.
    """


class LegEnded(Exception):
    """The call ended while a script was playing, collecting or recording."""

    def __init__(self, end: "LegEnd") -> None:
        """`end` is the leg's full end."""
        super().__init__(f"{end.outcome} {end.sip_code or ''} {end.reason}".strip())
        self.end = end
