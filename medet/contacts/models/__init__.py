"""Contact, and the tables of the legs that meet in it."""

from medet.contacts.calls.models import CallAttempt, CallLine, CallOrder
<<<<<<< HEAD
from medet.contacts.campaigns.models import Campaign, CampaignFilter, RobotStop
from medet.contacts.models.contact import Contact

__all__ = ["CallAttempt", "CallLine", "CallOrder", "Campaign", "CampaignFilter", "Contact", "RobotStop"]
=======
from medet.contacts.campaigns.models import Campaign
from medet.contacts.line.models import OwnPrompt, TestCall, Trunk
from medet.contacts.models.contact import Contact

__all__ = ["CallAttempt", "CallLine", "CallOrder", "Campaign", "Contact", "OwnPrompt", "TestCall", "Trunk"]
>>>>>>> c6b70e0 (An administrator's desk, setup by a one-time link, trunk as a row with ring me now, own recordings)
