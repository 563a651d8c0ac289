"""Texts into recordings: speech by espeak-ng, sound by levels, and the manifest that says which text each holds.

espeak-ng runs as a program of its own and only here: the recordings are shipped. A clinic that records
its own voice puts WAV files in their place and runs `manage.py render_prompts --adopt`.
"""

import hashlib
import json
import shutil
import subprocess
import wave
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from medet.contacts.line.levels import RATE, active_level, from_pcm, prompt_sound, to_pcm
from medet.contacts.line.texts import PROGRAMMES, texts

FOLDER = Path(__file__).parent / "prompts"
__all__ = ["PROGRAMMES", "texts"]
LANGUAGES = ("kk", "ru", "en")
VOICES = {"kk": "kk", "ru": "ru", "en": "en-gb"}
# Words a minute: slower than the default 175, for old ears and bad lines.
WORDS_PER_MINUTE = 165
RENDER_TIMEOUT_S = 30.0

Row = dict[str, str | float]
Manifest = dict[str, dict[str, Row]]


class CannotRender(Exception):
    """Why nothing could be recorded."""


def text_hash(text: str) -> str:
    """What ties a recording to its words."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def speak(text: str, language: str) -> bytes:
    """The prompt's PCM: 8 kHz, 16 bit, mono, at level."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise CannotRender("espeak-ng is not installed: apt-get install espeak-ng")
    command = [program, "-v", VOICES[language], "-s", str(WORDS_PER_MINUTE), "--stdin", "--stdout", "-b", "1"]
    done = subprocess.run(  # noqa: S603 -- our own texts, on standard input
        command, input=text.strip().encode(), capture_output=True, timeout=RENDER_TIMEOUT_S, check=False
    )
    if done.returncode or not done.stdout:
        raise CannotRender(f"espeak-ng: {done.stderr.decode(errors='replace').strip()}")
    with wave.open(BytesIO(done.stdout)) as spoken:
        rate, pcm = spoken.getframerate(), spoken.readframes(spoken.getnframes())
    return to_pcm(prompt_sound(from_pcm(pcm[: len(pcm) & ~1]), rate))


def wav(pcm: bytes) -> bytes:
    """The PCM as a WAV file."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return out.getvalue()


def row(data: bytes, text: str, source: str) -> Row:
    """A recording's line of the manifest."""
    with wave.open(BytesIO(data)) as file:
        pcm = file.readframes(file.getnframes())
    return {
        "text": text.strip(),
        "text_sha256": text_hash(text),
        "sha256": hashlib.sha256(data).hexdigest(),
        "level_dbfs": round(active_level(from_pcm(pcm)), 1),
        "seconds": round(len(pcm) / 2 / RATE, 2),
        "source": source,
    }


def read_manifest(folder: Path = FOLDER) -> Manifest:
    """Language -> key -> row; empty when there is none."""
    path = folder / "manifest.json"
    found: Manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def write_manifest(manifest: Manifest, folder: Path = FOLDER) -> None:
    """Sorted, so that a change shows as the lines that changed."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def stale(said: Mapping[str, Mapping[str, str]], folder: Path = FOLDER) -> Iterator[tuple[str, str, str]]:
    """Recordings that do not hold their words: (language, key, why)."""
    manifest = read_manifest(folder)
    for key, words in said.items():
        for language in LANGUAGES:
            why = _fault(folder / language / f"{key}.wav", manifest.get(language, {}).get(key), words[language])
            if why:
                yield language, key, why


def _fault(path: Path, known: Row | None, text: str) -> str:
    if known is None or not path.exists():
        return "no recording"
    if known["text_sha256"] != text_hash(text):
        return "the text has changed since the recording"
    if known["sha256"] != hashlib.sha256(path.read_bytes()).hexdigest():
        return "not the file of the manifest"
    return ""
