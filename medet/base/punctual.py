"""A process that speaks to people keeps its time: a full machine must not tear its voice."""

import contextlib
import os
from pathlib import Path

# Nice values. Ahead by twice the share and no more: at -10 five full telephone processes kept the stop key from the
# database for four seconds, where two are promised (`make prove-stop`; docs/figures/stop.md).
AHEAD, BEHIND = -3, 10
AUTOGROUP = Path("/proc/self/autogroup")


def keep_time() -> bool:
    """Goes before other processes from now on; False where the system does not let us (setpriority(2)).

    For the calling thread and what it starts, so it is called before any thread of the telephone engine is there.
    """
    return _take(AHEAD)


def give_way() -> bool:
    """Goes behind the others."""
    return _take(BEHIND)


def _take(nice: int) -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    except PermissionError:
        return False
    # Some kernels share time between sessions first, and nice counts only inside one (sched(7), "autogroup").
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            AUTOGROUP.write_text(str(nice))
    return True
