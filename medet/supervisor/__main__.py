"""`python -m medet.supervisor run [--data DIR] -- COMMAND ...`: a command with its database around it.

`python -m medet.supervisor serve`: all of Medet, for real use.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from medet.supervisor import product, releases, restoring, units
from medet.supervisor.environment import running
from medet.supervisor.spawn import spawn
from medet.supervisor.trouble import Trouble


def main(arguments: list[str]) -> int:
    """Parse, run, and answer with the command's exit code."""
    parser = argparse.ArgumentParser(prog="python -m medet.supervisor", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="what")
    commands.add_parser("serve", help="migrate, then run all processes of Medet until a signal")
    commands.add_parser("upgrade", help="end what runs, back it up, bring the data to this release, start again")
    units = commands.add_parser("units", help="print the systemd unit of this installation")
    units.add_argument("--user", required=True, help="the plain user it runs as")
    back = commands.add_parser("restore", help="put a backup into an empty data folder")
    back.add_argument("backup", type=Path, help="the folder that `manage.py backup` made")
    back.add_argument("--keys", type=Path, help="your copy of secrets.env")
    run = commands.add_parser("run", help="run a command with PostgreSQL started")
    run.add_argument("--data", type=Path, help="data folder (default: MEDET_DATA, else .data of the checkout)")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    options = parser.parse_args(arguments)
    if options.what == "serve":
        return product.run(SERVE)
    if options.what in ("upgrade", "units", "restore"):
        return told(options)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("no command given")
    return with_database(command, options.data)


SERVE = product.Run(
    kind="serve",
    steps=(product.FITS, *product.STEPS, product.Step(("setup", "--link"))),
)


def told(options: argparse.Namespace) -> int:
    """What has one sentence to say when it cannot be done."""
    try:
        if options.what == "upgrade":
            again = releases.upgrade(os.environ)
            return product.run(SERVE, again) if again else 0
        if options.what == "units":
            print(units.unit(os.environ, user=options.user))
        else:
            print(restoring.restore(options.backup, os.environ, keys=options.keys))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def with_database(command: list[str], data: Path | None) -> int:
    """Start what is needed, run the command in our terminal, stop what we started."""
    interrupt = Interrupt()
    try:
        with running(os.environ, data=data) as (env, postgres):
            if postgres and postgres.attached:
                print(f"Using the PostgreSQL that another process runs from {postgres.data}.", file=sys.stderr)
            child = spawn(command, env=env, own_session=False)
            interrupt.child = child
            code = child.wait()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return code if code >= 0 else 128 - code


class Interrupt:
    """Hands our signals to the command, so that the database is stopped after it and not before."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.pass_on)

    def pass_on(self, number: int, frame: FrameType | None) -> None:
        """Before the command runs a signal ends us; a Ctrl-C at the terminal has reached the command already."""
        if self.child is None:
            raise SystemExit(128 + number)
        if self.child.poll() is None and not (number == signal.SIGINT and at_terminal()):
            self.child.send_signal(number)


def at_terminal() -> bool:
    """Whether we are the foreground group of a terminal, so the command shares its Ctrl-C with us."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
