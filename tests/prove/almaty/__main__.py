"""`make figures`: Almaty's period of the source, loaded by the product's own actions and compared to the unit.

    python -m tests.prove.almaty [processes]

In pieces under ten minutes; call again until it is done. The data stays in a database of its own.
"""

import sys
from datetime import time, timedelta
from functools import partial

# First, because it makes this a Django program, here and in the processes it starts.
from tests.prove.hands import Clock, hands, kept_database

# isort: split
from medet.base.scope import scope
from medet.demo.past.life import at
from tests.prove import figures
from tests.prove.almaty import compared
from tests.prove.almaty.load import found_the_centre, live, made_before, made_on, work
from tests.prove.almaty.quotas import FIRST, LAST, LAST_CALLS, Quotas, days

OPENED, PROCESSES = 200, 2
NIGHT = at(LAST, time(18))  # of the last day: its calls are not the source's any more, and are still to be made
NOTE = """

Loaded by the actions and flows of life with the clock of those days: the worker's own loops, the claim's own SQL (cap,
gap, calling hours), calls, answers, alerts, doctors' contacts, conclusions, home visits, ends of observations. Every
number was asked of the reports' own queries as the supervisor sees them.

Made up, because the source gives no numbers: how calls and patients fall on days, the split of patients between the
months and districts, ages, risk groups, conclusions, reasons and outcomes of calls, how long each patient was watched
(6 to 9 days), how many outbound calls were the robot's. Two things differ from life: the answers of one call reach the
rows together and not key by key, and who shares a line is rung in a call of their own. People are impossible (month 00
in the IIN).
"""


def main(processes: int) -> int:
    """A piece; 0 when all is loaded and right."""
    quotas, clock = Quotas(), Clock(figures.Pieces("almaty"))
    with kept_database("almaty") as addresses:
        if not clock.pieces.done:
            found_the_centre()
            clock.keep(FIRST - timedelta(days=1))
        with hands(addresses, processes, partial(work, quotas=quotas)) as run:
            for day in days(clock.lived + timedelta(days=1), LAST):
                if clock.is_over():
                    print("This piece is over: call again.")
                    return 2
                live(day, quotas, run, calls=day <= LAST_CALLS)
                clock.keep(day)
                print(f"{day}: {made_before(day) + made_on(day)} outbound calls this month, {clock.seconds:.0f} s")
        return _compare(quotas, clock, processes)


def _compare(quotas: Quotas, clock: Clock, processes: int) -> int:
    by = compared.actor(NIGHT)
    looked, unlike = compared.mornings(at(day, time(8)) for day in days(FIRST, LAST))
    with compared.english(), scope(by):
        lines = list(compared.lines(quotas, by))
        count, wrong = compared.opened(OPENED, by)
        body = figures.table(
            ("what", "source", "the report says", ""),
            [
                *((line.what, line.source, line.found, "right" if line.right else "WRONG") for line in lines),
                ("lists of random figures as long as their figure", count, count - len(wrong), "of all reports"),
                ("figures of each day's morning, opened over HTTP", looked, looked - len(unlike), "all pages"),
                ("rows without an owner (`check_loops`), 20.12.2020 18:00", 0, loose := compared.loose(NIGHT), ""),
            ],
        )
        body += f"\n\n{compared.districts(by)}\n\n{compared.splits(by)}"
    minutes = f"Loaded in {clock.seconds / 60:.1f} minutes by {processes} processes."
    figures.keep("almaty", title="Almaty, 01.11-20.12.2020", body=f"{minutes}\n\n{body}{NOTE}")
    return int(bool(wrong or unlike or loose) or not all(line.right for line in lines))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROCESSES))
