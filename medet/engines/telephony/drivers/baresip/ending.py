"""What the stack says about the end of a call, as a LegEnd."""

import re
from dataclasses import dataclass, replace
from typing import Any

from medet.engines.telephony.outcomes import EndedBy, Outcome, outcome_of
from medet.engines.telephony.protocol import LegEnd, Quality, Times

_STATUS = re.compile(r"^(\d{3})\b\s*(.*)$")
_RTP_LOST = "rtp stream error"


@dataclass
class OwnAct:
    """What we did to end the call, if anything."""

    timed_out: bool = False  # our ring timer
    hung_up: bool = False

    @property
    def acted(self) -> bool:
        """Either of them."""
        return self.timed_out or self.hung_up


def sip_status(text: str) -> tuple[int | None, str]:
    """'486 Busy Here' as (486, 'Busy Here'); anything else as (None, text)."""
    found = _STATUS.match(text)
    return (int(found[1]), found[2]) if found else (None, text)


def end_of(text: str, *, times: Times, own: OwnAct, quality: Quality, ended: float) -> LegEnd:
    """The end of a call from the stack's closing words and what we know ourselves."""
    code, reason = sip_status(text)
    whole = replace(times, ended=ended)
    if times.answered is not None:
        return LegEnd(Outcome.ANSWERED, 200, reason, _who(own, text), whole, quality)
    outcome = outcome_of(
        code,
        own_timeout=own.timed_out,
        own_cancel=own.hung_up and not own.timed_out,
        rang=times.rang is not None,
    )
    if own.timed_out:
        reason = "ring timer" if times.rang is not None else "ring timer, nothing rang"
    by = EndedBy.US if own.acted else (EndedBy.PEER if code else EndedBy.NETWORK)
    return LegEnd(outcome, code, reason, by, whole, quality)


def _who(own: OwnAct, text: str) -> EndedBy:
    if own.acted:
        return EndedBy.US
    return EndedBy.NETWORK if _RTP_LOST in text.lower() else EndedBy.PEER


def quality_of(stats: dict[str, Any]) -> Quality:
    """The stack's closing statistics; zeros when it sent none."""
    tx, rx, rtcp, audio = (stats.get(part, {}) for part in ("tx", "rx", "rtcp", "audio"))
    return Quality(
        packets_in=rx.get("packets", 0),
        packets_out=tx.get("packets", 0),
        lost_in=rtcp.get("rx_lost", 0),
        lost_out=rtcp.get("tx_lost", 0),
        jitter_in_ms=rtcp.get("rx_jitter_us", 0) / 1000,
        rtt_ms=rtcp.get("rtt_us", 0) / 1000,
        starved_frames=audio.get("tx_starved_frames", 0),
    )
