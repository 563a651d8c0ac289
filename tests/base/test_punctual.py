"""Who speaks to people goes before the others, in a process of its own."""

import subprocess
import sys

from medet.base.punctual import AHEAD

SAYS = """
import os
from medet.base.punctual import give_way, keep_time
took = {move}()
print(took, os.getpriority(os.PRIO_PROCESS, 0))
"""


def said(move, **options):
    words = [sys.executable, "-c", SAYS.format(move=move)]
    return subprocess.run(words, check=True, capture_output=True, text=True, **options).stdout.split()


def test_giving_way_needs_no_right():
    took, nice = said("give_way")
    assert (took, int(nice)) == ("True", 10)


def test_going_first_needs_one_and_says_whether_it_has_it():
    took, nice = said("keep_time")
    assert (took == "True") == (int(nice) == AHEAD)
