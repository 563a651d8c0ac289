"""The recordings the robot speaks: WAV files by language and key, checked against their manifest before a call."""

import hashlib
import json
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent / "prompts"
RATE, WIDTH, CHANNELS = 8000, 2, 1


class PromptError(Exception):
    """A recording cannot be spoken."""

    def __init__(self, key: str, language: str, why: str) -> None:
        super().__init__(f"{language}/{key}: {why}")
        self.key, self.language, self.why = key, language, why


class PromptMissing(PromptError):
    """There is no such recording."""


class PromptDamaged(PromptError):
    """The file is not the recording it should be."""


@dataclass(frozen=True)
class Prompt:
    """One recording: 8 kHz mono s16 audio and which version it is."""

    pcm: bytes
    version: str


def read(path: Path, *, key: str, language: str, sha256: str | None) -> Prompt:
    """Reads and checks one file; `sha256` is the manifest's word, None when it has none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise PromptMissing(key, language, "no file") from error
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and digest != sha256:
        raise PromptDamaged(key, language, "not the file of the manifest")
    return Prompt(_pcm(data, key=key, language=language), digest[:12])


def _pcm(data: bytes, *, key: str, language: str) -> bytes:
    try:
        with wave.open(BytesIO(data)) as file:
            shape = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            pcm: bytes = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise PromptDamaged(key, language, "not a WAV file") from error
    if shape != (RATE, WIDTH, CHANNELS) or not pcm:
        raise PromptDamaged(key, language, "not 8 kHz mono 16 bit, or empty")
    return pcm


class VoiceOf:
    """The recordings of one language, read once and kept in memory."""

    def __init__(self, folder: Path, language: str, shas: dict[str, str], own: Mapping[str, bytes]) -> None:
        self.folder, self.language, self.shas, self.own = folder, language, shas, own
        self.read: dict[str, Prompt] = {}

    def pcm(self, key: str) -> bytes:
        """8 kHz mono s16 audio of a prompt."""
        return self._prompt(key).pcm

    def version(self, key: str) -> str:
        """The first 12 hex digits of the file's sha256."""
        return self._prompt(key).version

    def _prompt(self, key: str) -> Prompt:
        if key in self.own and key not in self.read:
            data = self.own[key]
            pcm = _pcm(data, key=key, language=self.language)
            self.read[key] = Prompt(pcm, hashlib.sha256(data).hexdigest()[:12])
        if key not in self.read:
            path = self.folder / self.language / f"{key}.wav"
            self.read[key] = read(path, key=key, language=self.language, sha256=self.shas.get(key))
        return self.read[key]


class Prompts:
    """All languages of a folder of recordings; one's own, by language and key, go before the folder's."""

    def __init__(self, folder: Path = FOLDER, own: Mapping[tuple[str, str], bytes] | None = None) -> None:
        self.folder, self.own = folder, own or {}
        self.voices: dict[str, VoiceOf] = {}

    def of(self, language: str) -> VoiceOf:
        """The voice of a language."""
        if language not in self.voices:
            shas = {key: row["sha256"] for key, row in self._rows(language).items()}
            own = {key: wav for (spoken, key), wav in self.own.items() if spoken == language}
            self.voices[language] = VoiceOf(self.folder, language, shas, own)
        return self.voices[language]

    def _rows(self, language: str) -> dict[str, dict[str, str]]:
        try:
            return self.manifest.get(language, {})
        except ValueError as error:
            raise PromptDamaged("manifest.json", language, "not JSON") from error

    @cached_property
    def manifest(self) -> dict[str, dict[str, dict[str, str]]]:
        """Language -> key -> {text, text_sha256, sha256, ...}; written by `render_prompts`."""
        path = self.folder / "manifest.json"
        rows: dict[str, dict[str, dict[str, str]]] = json.loads(path.read_text()) if path.exists() else {}
        return rows
