"""Words of contacts: channels, outcomes, and the lives of campaigns, call orders and attempts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role


class Channel(TextChoices):
    """What carried a conversation."""

    ROBOT = "robot", _("Robot call")
    PHONE = "phone", _("Phone")
    DIARY = "diary", _("Diary")
    VISIT = "visit", _("Visit")
    INBOUND = "inbound", _("Inbound call")


class InboundReason(TextChoices):
    """Why somebody rang the centre."""

    CONSULTATION = "consultation", _("Consultation")
    COMPLAINT = "complaint", _("Complaint")
    SUSPECTED = "suspected", _("Suspected case")
    OTHER = "other", _("Other question")


class ContactOutcome(TextChoices):
    """How a conversation came out."""

    COMPLETE = "complete", _("All answered")
    DANGER = "danger", _("Danger sign")
    PARTIAL = "partial", _("Answered in part")
    NOT_UNDERSTOOD = "not_understood", _("Not understood")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    NOT_THE_PATIENT = "not_the_patient", _("Not the patient")
    NOT_ASKED = "not_asked", _("Others of the household spoke")
    HUNG_UP = "hung_up", _("Hung up")
    SILENT = "silent", _("No key pressed")
    TECHNICAL = "technical", _("Technical fault")
    WRITTEN = "written", _("Written by staff")
    NOT_REACHED = "not_reached", _("Nobody answered")


class CampaignState(TextChoices):
    """Whether a campaign rings."""

    WAITING = "waiting", _("Waits to be started")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    FINISHED = "finished", _("Finished")


class StopState(TextChoices):
    """Whether every robot call of an organisation is held back."""

    STANDS = "stands", _("Robot is stopped")
    LIFTED = "lifted", _("Robot may ring again")


class Preset(TextChoices):
    """How hard a campaign rings; the numbers stand in the policy parameter `campaign.presets`."""

    GENTLE = "gentle", _("Gentle")
    NORMAL = "normal", pgettext_lazy("campaign", "Normal")
    URGENT = "urgent", _("Urgent")


class Direction(TextChoices):
    """Who rang whom."""

    INBOUND = "inbound", _("Inbound")
    OUTBOUND = "outbound", _("Outbound")


class OrderState(TextChoices):
    """Where the wish to ring somebody stands."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    EXHAUSTED = "exhausted", _("Given to a person")
    STOPPED = "stopped", _("Stopped")


class AttemptState(TextChoices):
    """Where one attempt to ring stands."""

    CLAIMED = "claimed", _("Claimed")
    DIALLING = "dialling", _("Dialling")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("Ended")


class AttemptOutcome(TextChoices):
    """How an attempt ended (findings: SIP code to outcome)."""

    ANSWERED = "answered", _("Answered")
    BUSY = "busy", _("Busy")
    NO_ANSWER = "no_answer", _("No answer")
    REJECTED = "rejected", _("Rejected")
    INVALID_NUMBER = "invalid_number", _("Number does not exist")
    NETWORK_FAILED = "network_failed", _("Network fault")
    REDIRECTED = "redirected", _("Redirected by the network")
    CANCELLED = "cancelled", _("Taken back")
    NOT_ALLOWED = "not_allowed", _("Number not allowed")
    NO_PROMPT = "no_prompt", _("A recording is missing")
    SAME_YEAR = "same_year", _("Two people of one year of birth")
    UNKNOWN = "unknown", _("Not known (process lost)")


RINGS_OR_WILL = (CampaignState.WAITING, CampaignState.RUNNING, CampaignState.PAUSED)
RINGS_NO_MORE = (CampaignState.STOPPED, CampaignState.FINISHED)
LIVE = (AttemptState.CLAIMED, AttemptState.DIALLING, AttemptState.ANSWERED)

_STAFF = (Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR)
_CHIEFS = (Role.SUPERVISOR, Role.OPERATOR)
_OURS = ("robot", "worker")  # the platform's own processes

CAMPAIGN_LIFE = Life(
    name="campaign",
    states=CampaignState,
    moves=(
        *moves(NEW, CampaignState.RUNNING, *_CHIEFS, *_OURS),
        *moves(NEW, CampaignState.WAITING, *_OURS),
        *moves(CampaignState.WAITING, (CampaignState.RUNNING, CampaignState.STOPPED), *_CHIEFS),
        *moves(CampaignState.RUNNING, CampaignState.PAUSED, *_CHIEFS),
        *moves(CampaignState.PAUSED, CampaignState.RUNNING, *_CHIEFS),
        *moves((CampaignState.RUNNING, CampaignState.PAUSED), CampaignState.STOPPED, *_CHIEFS),
        *moves(RINGS_OR_WILL, CampaignState.FINISHED, *_OURS),
    ),
    # People of a campaign that does not ring are held by it until their windows end, then by a task; that one waits to
    # be started is the supervisor's to know before the first call is due.
    owes={state: Role.SUPERVISOR if state == CampaignState.WAITING else None for state in CampaignState},
)
STOP_LIFE = Life(
    name="robot_stop",
    states=StopState,
    moves=(
        *moves(NEW, StopState.STANDS, *_CHIEFS),
        *moves(StopState.STANDS, StopState.LIFTED, Role.SUPERVISOR),
    ),
    # Nobody forgets a robot that was stopped: the supervisor decides how it goes on.
    owes={StopState.STANDS: Role.SUPERVISOR, StopState.LIFTED: None},
)
ORDER_LIFE = Life(
    name="call_order",
    states=OrderState,
    moves=(
        *moves(NEW, OrderState.WAITING, *_OURS),
        *moves(OrderState.WAITING, (OrderState.DONE, OrderState.EXHAUSTED, OrderState.STOPPED), *_STAFF, *_OURS),
    ),
    # What a finished order leaves open is owed by its due contact.
    owes=dict.fromkeys(OrderState),
)
ATTEMPT_LIFE = Life(
    name="call_attempt",
    states=AttemptState,
    moves=(
        *moves(NEW, AttemptState.CLAIMED, *_OURS),
        *moves(AttemptState.CLAIMED, AttemptState.DIALLING, *_OURS),
        *moves(AttemptState.DIALLING, AttemptState.ANSWERED, *_OURS),
        *moves(LIVE, AttemptState.ENDED, *_STAFF, *_OURS),
    ),
    owes=dict.fromkeys(AttemptState),
)

refused.register(
    {
        "call.nobody_to_ring": _("There is no number of this person that may be rung."),
        "campaign.same_name": _("There is a campaign of this name today. Choose another name."),
        "campaign.nobody": _("Nobody would be rung. Choose other people."),
        "campaign.over": _("This campaign rings no more."),
        "campaign.too_late": _("Today's hours for calls are over. Start the campaign tomorrow."),
        "robot.no_reason": _("Say why the robot may ring again."),
        "robot.stopped": _("Every robot call is stopped. Let the robot ring again first."),
    }
)
