"""Embedded driver: the SIP stack of baresip inside our own process (baresip-python, BSD-2).

One engine a process: the stack's state is global to the process, and a stack whose thread has
died cannot be started again, so the process must end and be started anew.
"""

from medet.engines.telephony.drivers.baresip.engine import BaresipEngine, start

__all__ = ["BaresipEngine", "start"]
