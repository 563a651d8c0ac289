"""Contact, and the tables of the legs that meet in it."""

from medet.contacts.calls.models import CallAttempt, CallLine, CallOrder
from medet.contacts.campaigns.models import Campaign, CampaignFilter, RobotStop
from medet.contacts.line.models import OwnPrompt, TestCall, Trunk
from medet.contacts.models.contact import Contact

__all__ = [
    "CallAttempt",
    "CallLine",
    "CallOrder",
    "Campaign",
    "CampaignFilter",
    "Contact",
    "OwnPrompt",
    "RobotStop",
    "TestCall",
    "Trunk",
]
