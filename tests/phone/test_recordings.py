"""Every text has its recording in three languages, at level, and the recording holds today's text."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from medet.contacts.line.levels import TARGET_DBFS, TOLERANCE_DB, active_level, from_pcm
from medet.monitoring.schema import read_programme
from medet.phone import rendering
from medet.phone.prompts import Prompts
from medet.phone.rendering import LANGUAGES, PROGRAMMES
from medet.phone.script import WITHIN, prompts_of
from tests.audio import correlation
from tests.needs import needs

SAID = rendering.texts()
EACH = [(language, key) for key in SAID for language in LANGUAGES]


def test_every_recording_holds_its_words() -> None:
    assert list(rendering.stale(SAID)) == []
    call_command("render_prompts", "--check")


@pytest.mark.parametrize(("language", "key"), EACH)
def test_every_recording_can_be_spoken_at_telephone_level(language: str, key: str) -> None:
    pcm = Prompts().of(language).pcm(key)
    assert abs(active_level(from_pcm(pcm)) - TARGET_DBFS) <= TOLERANCE_DB
    assert 0.8 <= len(pcm) / 16_000 <= 15.0


def test_every_prompt_a_call_may_need_has_a_text() -> None:
    for path in PROGRAMMES.glob("*.yaml"):
        programme = read_programme(path)
        for minutes in (*WITHIN, 61):
            assert set(prompts_of(programme, {rule.code: minutes for rule in programme.rules})) <= set(SAID)


def test_the_recordings_stay_small() -> None:
    assert sum(path.stat().st_size for path in rendering.FOLDER.rglob("*.wav")) < 7_500_000


MEDICAL = re.compile(
    r"ковид|covid|вирус|болезн|болен|диагноз|анализ|карантин|лечен|дәрі|ауру|емдел|\bill\b|disease|\btest|quarantine",
    re.I,
)
BEFORE_IDENTITY = ("greeting", "ask_year_of_birth", "household_ask_person", "household_next", "year_not_matched",
                   "no_key_heard", "call_back_later", "wrong_number_sorry",
                   "human_will_ring", "duty_new_visit", "duty_thanks")  # fmt: skip


def test_nothing_medical_is_said_before_the_identity_is_known() -> None:
    for key in BEFORE_IDENTITY:
        for language, text in SAID[key].items():
            assert not MEDICAL.search(text), (key, language, text)


def copy(folder: Path, key: str = "greeting") -> None:
    """A folder of prompts with one text."""
    words = SAID[key]
    folder.joinpath("texts.yaml").write_text(f"{key}: {{kk: {words['kk']}, ru: {words['ru']}, en: {words['en']}}}\n")
    rows = rendering.read_manifest()
    for language in LANGUAGES:
        (folder / language).mkdir()
        (folder / language / f"{key}.wav").write_bytes((rendering.FOLDER / language / f"{key}.wav").read_bytes())
    rendering.write_manifest({language: {key: rows[language][key]} for language in LANGUAGES}, folder)


def test_a_changed_text_a_changed_file_and_a_lost_file_are_seen(tmp_path: Path) -> None:
    copy(tmp_path)
    said = {"greeting": dict(SAID["greeting"])}
    assert list(rendering.stale(said, tmp_path)) == []
    said["greeting"]["ru"] += " Ещё слово."
    with (tmp_path / "kk" / "greeting.wav").open("ab") as file:
        file.write(b"\0\0")
    (tmp_path / "en" / "greeting.wav").unlink()
    assert {language: why for language, _, why in rendering.stale(said, tmp_path)} == {
        "ru": "the text has changed since the recording",
        "kk": "not the file of the manifest",
        "en": "no recording",
    }


def test_the_command_names_what_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "texts", lambda: {"greeting": {"kk": "a", "ru": "b", "en": "c"}})
    with pytest.raises(CommandError, match="3 prompts need a recording"):
        call_command("render_prompts", "--check")


def test_rendering_again_gives_the_same_words() -> None:
    needs("espeak-ng")
    again = rendering.speak(SAID["greeting"]["kk"], "kk")
    assert correlation(again, Prompts().of("kk").pcm("greeting")) > 0.8
