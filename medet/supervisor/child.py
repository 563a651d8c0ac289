"""Becomes a command that dies with its parent: drops rights, asks for the death signal, then executes.

Run by path with `python -I -S`, so it imports nothing of Medet. The order matters: Linux clears the death signal
when a process changes its user, and a parent that died before the request would never be noticed.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def drop_rights(uid: int, gid: int) -> None:
    """Become the unprivileged user for good; groups first, while we still may."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.umask(0o077)


def die_with(parent: int, death_signal: int) -> None:
    """Ask the kernel for a signal when the parent's thread ends, and check that it has not ended already."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        sys.exit("the kernel refused the parent-death signal")
    if os.getppid() != parent:
        sys.exit("the parent ended first")


def main(arguments: list[str]) -> None:
    """`child.py PARENT SIGNAL UID|- GID|- own|shared COMMAND...`."""
    parent, death_signal, uid, gid, session, *command = arguments
    if session == "own":
        os.setsid()  # a Ctrl-C at the terminal reaches the supervisor only, which ends its children in order
    if uid != "-":
        drop_rights(int(uid), int(gid))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # a background shell hands SIGINT down as ignored
    die_with(int(parent), int(death_signal))
    os.execvp(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
