"""Telephone calls: what a room or a face may ask of any telephony driver.

No Django here. A driver is a module named by dotted path in the settings; it offers
`async def start(*, trunks, network, ...) -> Engine`. One contract suite runs over every driver.
"""

from medet.engines.telephony.outcomes import EndedBy, Outcome, outcome_of
from medet.engines.telephony.protocol import (
    CallSpec,
    Capacity,
    CollectEnd,
    Digits,
    Engine,
    Health,
    Key,
    Leg,
    LegEnd,
    LegEvent,
    LegEventKind,
    Network,
    PlayResult,
    Quality,
    Times,
    Trunk,
    TrunkHealth,
    TrunkState,
)
from medet.engines.telephony.refusals import (
    AlreadyDialled,
    CallRefused,
    DialUncertain,
    EngineClosed,
    LegEnded,
    NoChannel,
    NotStarted,
    NumberNotAllowed,
    TrunkDown,
    UnknownTrunk,
)

__all__ = [
    "AlreadyDialled",
    "CallRefused",
    "CallSpec",
    "Capacity",
    "CollectEnd",
    "DialUncertain",
    "Digits",
    "EndedBy",
    "Engine",
    "EngineClosed",
    "Health",
    "Key",
    "Leg",
    "LegEnd",
    "LegEnded",
    "LegEvent",
    "LegEventKind",
    "Network",
    "NoChannel",
    "NotStarted",
    "NumberNotAllowed",
    "Outcome",
    "PlayResult",
    "Quality",
    "Times",
    "Trunk",
    "TrunkDown",
    "TrunkHealth",
    "TrunkState",
    "UnknownTrunk",
    "outcome_of",
]
