"""The presets and the law as the policy has them now."""

from datetime import datetime

from medet.base import policy
from medet.contacts.campaigns.rules import Law, Settings, settings_from
from medet.contacts.states import Preset


def settings_of(preset: Preset, *, now: datetime) -> Settings:
    """The numbers of a preset in force now."""
    return settings_from(policy.value("campaign.presets", now=now)[preset.value])


def law(now: datetime) -> Law:
    """What no campaign may loosen."""
    return Law(
        tries=policy.whole("call.daily_attempts", now=now),
        gap_minutes=policy.whole("call.min_gap_minutes", now=now),
        hours_start=policy.local_time("call.hours.start", now=now),
        hours_end=policy.local_time("call.hours.end", now=now),
    )
