"""A missing or damaged recording: nobody's phone rings, an operator gets the contact, one line says which."""

import json
from pathlib import Path

from medet.contacts.models import CallAttempt
from medet.tasks.models import Task
from tests.live import running as live


def judge(house, words):
    house.telephones({})
    house.robot()
    tasks = live.wait_until(
        lambda: len(found := house.read(Task, kind="call_by_hand", state="open")) == 3 and found,
        seconds=60,
        what=lambda: f"operators have the contacts\n{house.running.log('phone')}",
    )
    assert {(task.role, task.reason) for task in tasks} == {("operator", "no_prompt")}
    assert {row.outcome for row in house.read(CallAttempt)} == {"no_prompt"}
    assert {row.invited_at for row in house.read(CallAttempt)} == {None}
    assert house.phones.entries() == []
    assert house.orphans() == []
    lines = [line for line in house.running.log("phone").splitlines() if "medet.phone ERROR" in line]
    assert len(lines) == 1
    assert words in lines[0]


def test_a_missing_recording(house):
    house.observe(3)
    folder = Path(house.running.env["MEDET_PROMPTS"])
    (folder / "ru" / "danger_advice.wav").unlink()
    judge(house, "prompt ru/danger_advice: no file")


def test_a_damaged_recording(house):
    house.observe(3)
    folder = Path(house.running.env["MEDET_PROMPTS"])
    damaged = folder / "ru" / "greeting.wav"
    damaged.write_bytes(damaged.read_bytes()[:30])
    judge(house, "prompt ru/greeting: not a WAV file")


def test_a_recording_that_is_not_the_manifests(house):
    house.observe(3)
    folder = Path(house.running.env["MEDET_PROMPTS"])
    rows = {"ru": {"greeting": {"sha256": "0" * 64}}}
    (folder / "manifest.json").write_text(json.dumps(rows))
    judge(house, "prompt ru/greeting: not the file of the manifest")
