"""The phones of the made-up city over real SIP, rung by our own engine from a process of its own."""

import json
import os
import signal
import subprocess
import sys
import wave
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from medet.demo.phones import diary
from medet.demo.phones.behaviours import Behaviour, Line, write
from medet.demo.phones.ear import Ear, Prompts
from medet.monitoring.actions import FOLDER
from medet.monitoring.schema import read_programme

QUESTIONS = ("state", "breath", "at_home", "wants_doctor")
KEYS = ("ask_year_of_birth", *(f"covid-home/{key}" for key in QUESTIONS))
# Whose question the shorter programme of this test does not ask.
LEFT_OUT = Behaviour.NO_MEDICINES
NUMBERS = {one: f"+770000001{place:02}" for place, one in enumerate(Behaviour) if one != LEFT_OUT}
PAUSE = 1.1  # longer than any gap a busy machine makes within a prompt
HOUSEHOLD = "+77000000199"
NOBODY = "+77000000198"


def speech(seed: int) -> bytes:
    """Syllables of different length and loudness with short pauses: what an ear knows a prompt by."""
    random = np.random.default_rng(seed)
    parts = []
    for _ in range(9):
        size = int(random.uniform(0.1, 0.3) * 8000)
        tone = np.sin(2 * np.pi * random.uniform(200, 900) * np.arange(size) / 8000)
        parts += [tone * random.uniform(2000, 9000), np.zeros(int(random.uniform(0.03, 0.15) * 8000))]
    return np.concatenate(parts).astype("<i2").tobytes()


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings that sound like nothing but differ like prompts."""
    root = tmp_path_factory.mktemp("prompts")
    for seed, key in enumerate(KEYS):
        path = root / "ru" / f"{key}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as recording:
            recording.setparams((1, 2, 8000, 0, "NONE", ""))
            recording.writeframes(speech(seed))
    return root


@dataclass
class Rung:
    """One round over all phones: what the caller got and what the phones noted."""

    results: dict[str, dict[str, Any]]
    notes: list[dict[str, Any]]
    heard: Path


def programme(folder: Path) -> Path:
    """COVID-19 at home with fewer questions, so that the round is short."""
    content = read_programme(FOLDER / "covid-home.yaml").model_dump(mode="json")
    content["questions"] = [question for question in content["questions"] if question["key"] in QUESTIONS]
    content["measures"], content["days_in_a_row"] = [], {}
    content["rules"] = [rule for rule in content["rules"] if set(rule["when"]) <= set(QUESTIONS)]
    path = folder / "programme.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def start_phones(folder: Path, prompts: Path) -> tuple[subprocess.Popen[str], int]:
    lines = {number: Line(behaviour, (1959,)) for behaviour, number in NUMBERS.items()}
    write(folder / "phones.json", lines | {HOUSEHOLD: Line(Behaviour.FINE, (1987, 1959))})
    command = [sys.executable, "manage.py", "demo_phones", "--behaviours", str(folder / "phones.json")]
    command += ["--log", str(folder / "diary.jsonl"), "--prompts", str(prompts), "--record", str(folder / "heard")]
    command += ["--programme", str(programme(folder)), "--ring", "0.2", "--pause", str(PAUSE)]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "medet.settings"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    said = process.stdout.readline()
    assert " phones behind 127.0.0.1:" in said, said
    return process, int(said.rsplit(":", 1)[1])


@pytest.fixture(scope="module")
def rung(tmp_path_factory: pytest.TempPathFactory, prompts: Path) -> Rung:
    """All phones rung at once, and the phones ended by SIGTERM."""
    folder = tmp_path_factory.mktemp("city")
    process, port = start_phones(folder, prompts)
    try:
        command = [sys.executable, "-m", "tests.demo.caller", str(port), str(prompts / "ru")]
        done = subprocess.run(
            [*command, *NUMBERS.values(), HOUSEHOLD, NOBODY], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=15)
    assert (process.returncode, said) == (0, "")
    results = {row["number"]: row for row in json.loads(done.stdout.splitlines()[-1])}
    return Rung(results, diary.read(folder / "diary.jsonl"), folder / "heard")


def answers(rung: Rung, behaviour: Behaviour) -> str:
    keys = rung.results[NUMBERS[behaviour]]["keys"]
    return "".join(keys.get(f"covid-home/{key}", "-") or "-" for key in QUESTIONS)


@pytest.mark.parametrize(
    ("behaviour", "keys"),
    [
        (Behaviour.FINE, "1112"),
        (Behaviour.WORSE, "3112"),
        (Behaviour.DANGER, "1312"),
        (Behaviour.NOT_AT_HOME, "1122"),
        (Behaviour.WANTS_DOCTOR, "1111"),
        (Behaviour.WRONG_KEYS, "9999"),
    ],
)
def test_keys_by_behaviour(rung: Rung, behaviour: Behaviour, keys: str) -> None:
    row = rung.results[NUMBERS[behaviour]]
    assert row["keys"]["ask_year_of_birth"] == "1959"
    assert answers(rung, behaviour) == keys


def test_hangs_up_in_the_middle(rung: Rung) -> None:
    row = rung.results[NUMBERS[Behaviour.HANGS_UP]]
    assert row["keys"] == {
        "ask_year_of_birth": "1959", "covid-home/state": "1", "covid-home/breath": "1", "hung_up": "yes",
    }  # fmt: skip


def test_strangers(rung: Rung) -> None:
    for behaviour, key in ((Behaviour.WRONG_PERSON, "0"), (Behaviour.WRONG_NUMBER, "*")):
        assert rung.results[NUMBERS[behaviour]]["keys"] == {"ask_year_of_birth": key}


def test_says_nothing(rung: Rung) -> None:
    assert rung.results[NUMBERS[Behaviour.SAYS_NOTHING]]["keys"] == {"ask_year_of_birth": ""}


def test_second_person_of_a_line_is_tried_when_the_year_is_asked_again(rung: Rung) -> None:
    assert rung.results[HOUSEHOLD]["keys"]["ask_year_of_birth"] == "19871959"


@pytest.mark.parametrize(
    ("behaviour", "outcome", "code"),
    [
        (Behaviour.BUSY, "busy", 486),
        (Behaviour.REJECTS, "rejected", 603),
        (Behaviour.OFF, "no_answer", 480),
        (Behaviour.NO_ANSWER, "no_answer", None),
    ],
)
def test_not_taken_up(rung: Rung, behaviour: Behaviour, outcome: str, code: int | None) -> None:
    row = rung.results[NUMBERS[behaviour]]
    assert row["outcome"] == outcome
    assert code is None or row["sip"] == code


def test_a_number_nobody_has(rung: Rung) -> None:
    assert rung.results[NOBODY]["outcome"] == "invalid_number"


def test_the_diary_is_whole(rung: Rung) -> None:
    """One INVITE a number whatever was repeated on the wire, each key with its time, and an end for every call."""
    invites = [row["number"] for row in rung.notes if row["event"] == "invite"]
    assert sorted(invites) == sorted([*NUMBERS.values(), HOUSEHOLD, NOBODY])
    assert [row["at"] for row in rung.notes if row["event"] != "key"] == sorted(
        row["at"] for row in rung.notes if row["event"] != "key"
    )
    fine = [row for row in rung.notes if row["number"] == NUMBERS[Behaviour.FINE]]
    assert [row["key"] for row in fine if row["event"] == "key"] == list("19591112")
    assert (fine[0]["event"], fine[-1]["event"]) == ("invite", "ended")
    assert any(row["event"] == "cancelled" and row["number"] == NUMBERS[Behaviour.NO_ANSWER] for row in rung.notes), (
        "our CANCEL was seen"
    )


def test_recordings_are_what_was_said(rung: Rung, prompts: Path) -> None:
    [path] = rung.heard.glob(f"{NUMBERS[Behaviour.FINE]}-*.wav")
    with wave.open(str(path)) as recording:
        heard = recording.readframes(recording.getnframes())
    ear = Ear(PAUSE)
    known = Prompts(prompts / "ru")
    questions = []
    for start in range(0, len(heard), 320):
        if ear.hear(heard[start : start + 320]):
            questions.append(known.recognise(ear.heard))
            ear.answered()
    said = ["ask_year_of_birth", *(f"covid-home/{key}" for key in QUESTIONS)]
    # A busy machine leaves a gap in a recording: one sentence is heard as two of the same.
    known_ones = [question for question, _ in groupby(questions) if question]
    assert known_ones == [question for question in said if question in known_ones]
    assert len(known_ones) >= 3, "a busy machine may lose sound, but not most of it"
