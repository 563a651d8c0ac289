"""A backup made while others write comes back row by row; a damaged one, or one of another key, writes nothing."""

import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest

from medet.supervisor import backing, restoring, sealing, secrets
from medet.supervisor.restoring import SEGMENT
from medet.supervisor.trouble import Trouble
from tests.prove.backup import own_environment, prove

pytestmark = pytest.mark.timeout(180)


def test_what_was_committed_before_the_snapshot_comes_back_and_nothing_else(open_folder: Path) -> None:
    proof = prove(open_folder, writers=2, seconds=1, used=5 * SEGMENT)
    assert proof.equal
    assert 0 < proof.expected < proof.noted
    assert proof.newer_numbers, "readers of the journal would wait for numbers that were used already"
    [log] = (open_folder / "second").glob("**/pg_xact")
    assert proof.oldest >= 6 * SEGMENT
    assert sorted(path.name for path in log.iterdir()) == ["0000", "0007"], "numbers were used up one by one"
    [backup] = (open_folder / "store").iterdir()
    refuses(open_folder, backup)


def refuses(folder: Path, backup: Path) -> None:
    """The same backup in the hands of somebody else, on a bad disk, and over data that is there."""
    keys, third = folder / "keys.env", folder / "third"
    other = folder / "other.env"
    other.write_text("".join(f"{name}={make()}\n" for name, make in secrets.MAKERS.items()))
    with pytest.raises(Trouble, match="made under another key"):
        restoring.restore(backup, own_environment(third), keys=other)
    with pytest.raises(Trouble, match="The database is not empty"):
        restoring.restore(backup, own_environment(folder / "second"), keys=None)
    damaged = folder / "damaged"
    shutil.copytree(backup, damaged)
    content = bytearray((damaged / backing.DATABASE).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / backing.DATABASE).write_bytes(content)
    with pytest.raises(Trouble, match="is damaged"):
        restoring.restore(damaged, own_environment(third), keys=keys)
    assert not (third / "postgres").exists(), "nothing was written"
    assert keys.read_text().split("MEDET_FIELD_KEY=")[1][:64].encode() not in b"".join(
        path.read_bytes() for path in backup.iterdir()
    )


@pytest.mark.parametrize("size", [0, 5, sealing.PIECE, sealing.PIECE + 1])
def test_a_sealed_file_opens_whole_or_not_at_all(size: int) -> None:
    key, content, target = os.urandom(32), os.urandom(size), BytesIO()
    sealing.seal(BytesIO(content), target, key)
    whole = target.getvalue()
    assert b"".join(sealing.opened(BytesIO(whole), key)) == content
    for wrong in (whole[:-1], whole[: sealing.SALT + 8], whole[:-20] + bytes(20)):
        with pytest.raises(Trouble):
            b"".join(sealing.opened(BytesIO(wrong), key))
    with pytest.raises(Trouble):
        b"".join(sealing.opened(BytesIO(whole), os.urandom(32)))
