"""Contact, and the tables of the legs that meet in it."""

from medet.contacts.calls.models import CallAttempt, CallLine, CallOrder
from medet.contacts.campaigns.models import Campaign, CampaignFilter, RobotStop
from medet.contacts.line.models import OwnPrompt, Trunk
from medet.contacts.models.contact import Contact
from medet.contacts.staff_calls.models import StaffCall

__all__ = [
    "CallAttempt",
    "CallLine",
    "CallOrder",
    "Campaign",
    "CampaignFilter",
    "Contact",
    "OwnPrompt",
    "RobotStop",
    "StaffCall",
    "Trunk",
]
