"""`make demo`: the product's processes, a made-up city, and the telephones of its people."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from medet.demo.clock import kept_offset
from medet.demo.phones.ports import free_range
from medet.supervisor import product
from medet.supervisor.ports import LOOPBACK
from medet.supervisor.product import Part, Run, Step

ZONE = ZoneInfo("Asia/Almaty")
# The phones come first: whoever is rung must be there. What this tree does not have yet is left out.
# The weeks before come last: nothing waits for them.
PARTS = (
    Part("phones", ("demo_phones",)),
    *product.PARTS,
    Part("history", ("demo_history",), vital=False),
)
STEPS = (*product.STEPS, Step(("demo_seed",)))
PORTS = {**product.PORTS, "MEDET_PHONES_PORT": 5070}
LOGINS = "logins.txt"  # written by demo_seed
# Calls at a time: enough to be busy, few enough for a small machine.
CHANNELS, RTP_PORTS = 8, 200


def environment(data: Path, ports: Mapping[str, str]) -> dict[str, str]:
    """What makes the processes a demo: its clock, and a trunk that leads to the made-up telephones."""
    first = free_range(RTP_PORTS)
    return {
        "MEDET_DEMO": "1",
        "MEDET_CLOCK_OFFSET": str(kept_offset(data, ZONE).total_seconds()),
        "MEDET_TRUNK_ADDRESS": f"{LOOPBACK}:{ports['MEDET_PHONES_PORT']}",
        "MEDET_SIP_HOST": LOOPBACK,
        "MEDET_SIP_INTERFACE": LOOPBACK,
        "MEDET_TRUNK_CHANNELS": str(CHANNELS),
        "MEDET_PHONE_DRAIN_S": "1",  # who ends the demo does not wait for made-up people to finish
        "MEDET_RTP_FIRST": str(first),
        "MEDET_RTP_LAST": str(first + RTP_PORTS - 1),
    }


def greeting(env: Mapping[str, str], data: Path) -> str:
    """Addresses and logins."""
    logins = (data / LOGINS).read_text("utf-8").rstrip() if (data / LOGINS).exists() else ""
    lines = ["", f"  Medet's demo: {env['MEDET_WEB_URL']}", *(f"  {line}" for line in logins.splitlines())]
    return "\n".join([*lines, f"  Logs and data: {data}   Progress: manage.py demo_status   End: Ctrl-C", ""])


def run() -> int:
    """Until a signal."""
    return product.run(
        Run(kind="demo", parts=PARTS, steps=STEPS, ports=PORTS, environment=environment, greeting=greeting),
    )
