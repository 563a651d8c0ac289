"""Seals: audit and evidence rows are inserted plain and linked into hash chains in batches by the worker.

A chain at insert would make every reader wait for the one before. A seal covers all settled rows (see journal.py)
behind the seal before it, in the order (xid, id), so nothing can appear inside a sealed stretch unseen. The head of
each chain, which `manage.py verify_seals` prints, belongs on paper or in another system: it proves that no seals
were cut off at the end.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection, transaction

from medet.base.canonical import canonical
from medet.base.models import Appended, AuditEntry, Evidence, Seal
from medet.base.secret import seal_mac

BATCH = 2000
NO_LINK = bytes(32)
CHAINS: dict[str, type[AuditEntry] | type[Evidence]] = {"audit": AuditEntry, "evidence": Evidence}
SHORT = 8


class Problem(NamedTuple):
    """One thing wrong with a chain, in words."""

    chain: str
    seal: int
    what: str


def step(now: datetime) -> bool:
    """Seals the next batch of each chain; says whether there was work."""
    return any([_seal(chain, now) for chain in CHAINS])


@transaction.atomic
def _seal(chain: str, now: datetime) -> bool:
    if not _alone(chain):
        return False
    last = Seal.objects.filter(chain=chain).order_by("-number").first()
    start = (last.last_xid, last.last_id) if last else (0, 0)
    rows = list(CHAINS[chain].objects.settled().after(start)[:BATCH])
    if rows:
        _add(chain, last, rows, now)
    return bool(rows)


def _alone(chain: str) -> bool:
    """Two workers never make the same link."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('medet seal'), hashtext(%s))", [chain])
        return bool(cursor.fetchone()[0])


def _add(chain: str, last: Seal | None, rows: Sequence[Appended], now: datetime) -> None:
    digests = [digest(row) for row in rows]
    number, before = (last.number + 1, bytes(last.sha256)) if last else (1, NO_LINK)
    sha256 = _link(before, number, now, digests)
    Seal.objects.create(
        chain=chain,
        number=number,
        at=now,
        last_xid=rows[-1].xid,
        last_id=rows[-1].id,
        rows=b"".join(row.id.to_bytes(SHORT, "big") + own[:SHORT] for row, own in zip(rows, digests, strict=True)),
        sha256=sha256,
        mac=seal_mac(sha256),
    )


def digest(row: Appended) -> bytes:
    """SHA-256 over the row by column name; empty columns are left out, so that adding one later breaks no seal."""
    columns = {field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    return hashlib.sha256(canonical({name: value for name, value in columns.items() if value is not None})).digest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _link(before: bytes, number: int, at: datetime, digests: Sequence[bytes]) -> bytes:
    head = f"{number} {at.astimezone(UTC).isoformat()}".encode()
    return hashlib.sha256(before + head + b"".join(digests)).digest()


def verify() -> list[Problem]:
    """Everything that is not as it was sealed; empty when all is well."""
    return [problem for chain in CHAINS for problem in _verify(chain)]


def heads() -> dict[str, tuple[int, str]]:
    """Number and hash of the last seal of each chain."""
    last = {chain: Seal.objects.filter(chain=chain).order_by("-number").first() for chain in CHAINS}
    return {chain: (seal.number, bytes(seal.sha256).hex()) for chain, seal in last.items() if seal}


def _verify(chain: str) -> Iterator[Problem]:
    before, start, number = NO_LINK, (0, 0), 0
    for seal in Seal.objects.filter(chain=chain).order_by("number").iterator():
        missing = range(number + 1, seal.number)
        yield from (Problem(chain, lost, "is missing") for lost in missing)
        if not missing:  # behind a gap nobody knows where the seal's stretch began
            yield from (Problem(chain, seal.number, what) for what in _faults(seal, before, start))
        before, start, number = bytes(seal.sha256), (seal.last_xid, seal.last_id), seal.number


def _faults(seal: Seal, before: bytes, start: tuple[int, int]) -> Iterator[str]:
    rows = [(row.id, digest(row)) for row in _covered(seal, start)]
    sha256 = bytes(seal.sha256)
    if _link(before, seal.number, seal.at, [own for _number, own in rows]) != sha256:
        yield from _named(rows, bytes(seal.rows)) or ["the seal does not follow from its rows and the seal before"]
    if not hmac.compare_digest(seal_mac(sha256), bytes(seal.mac)):
        yield "the seal was not made by this installation"


def _covered(seal: Seal, start: tuple[int, int]) -> Iterator[Appended]:
    rows = CHAINS[seal.chain].objects.after(start).filter(xid__lte=seal.last_xid)
    return rows.exclude(xid=seal.last_xid, id__gt=seal.last_id).order_by("xid", "id").iterator()


def _named(rows: Sequence[tuple[int, bytes]], noted: bytes) -> list[str]:
    """Which rows differ from what the seal noted of each."""
    places = range(0, len(noted), 2 * SHORT)
    then = Counter(noted[place : place + 2 * SHORT] for place in places)
    today = Counter(number.to_bytes(SHORT, "big") + own[:SHORT] for number, own in rows)
    gone = {int.from_bytes(mark[:SHORT], "big") for mark in then - today}
    come = {int.from_bytes(mark[:SHORT], "big") for mark in today - then}
    words = {"altered": gone & come, "removed": gone - come, "added": come - gone}
    return [f"row {number} is {word}" for word, numbers in words.items() for number in sorted(numbers)]
