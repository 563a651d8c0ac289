"""Hears when a question has been asked: enough speech, then a pause that is longer than any within a prompt.

Which question it was is told by the loudness curve of its recording, so that a question asked twice is answered
twice and nobody counts. Without recordings, or for one it does not know, the ear names none.
"""

import wave
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Curve = NDArray[np.float64]
RATE = 8_000
FRAME = 160  # 20 ms
LOUD = 200.0  # prompts speak at about 3 300; a line without speech is below 10
MIN_SPEECH_S = 0.5
PAUSE_S = 1.1
# Sound that a busy machine damaged fits wrong recordings up to 0.7, by at most 0.1 better than the right one.
SURE, FAIR, CLEAR = 0.78, 0.5, 0.2
PIECE, LEAST_PIECES = 40, 4  # frames of a piece; a short prompt has shorter ones
SHORTEST, FIRST_DRIFT, DRIFT = 40, 30, 10  # frames
KEPT_S = 60


class Ear:
    """One receiver at one ear."""

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        """`pause_s`: silence after speech that means it is our turn."""
        self._pause = round(pause_s * RATE / FRAME)
        self._speech = round(MIN_SPEECH_S * RATE / FRAME)
        self._rest = b""
        self._frames: list[float] = []
        self._loud = self._quiet = 0

    def hear(self, pcm: bytes) -> bool:
        """Take what came; True when a question has just ended."""
        pcm = self._rest + pcm
        whole = len(pcm) // (2 * FRAME) * 2 * FRAME
        self._rest = pcm[whole:]
        samples = np.frombuffer(pcm[:whole], "<i2").astype(np.float64).reshape(-1, FRAME)
        asked = False
        for level in np.sqrt((samples**2).mean(axis=1)):
            asked = self._frame(float(level)) or asked
        return asked

    def _frame(self, level: float) -> bool:
        self._frames.append(level)
        del self._frames[: -KEPT_S * RATE // FRAME]
        if level > LOUD:
            self._loud, self._quiet = self._loud + 1, 0
        else:
            self._quiet += 1
        return self._quiet == self._pause and self._loud >= self._speech

    @property
    def heard(self) -> Curve:
        """The loudness of what was said since the last answer, without the pause at its end."""
        return np.array(self._frames[: len(self._frames) - self._quiet])

    def answered(self) -> None:
        """A key was pressed: what comes now is a new question."""
        self._frames, self._loud, self._quiet = [], 0, 0


class Prompts:
    """The recordings of one language, by prompt key."""

    def __init__(self, folder: Path) -> None:
        """`folder`: `<key>.wav` below it, 8 kHz mono."""
        self._curves = {_key(path, folder): _curve(path) for path in sorted(folder.rglob("*.wav"))}

    def recognise(self, heard: Curve, expected: str | None = None) -> str | None:
        """The prompt that the ear heard last: the expected one, unless another fits without doubt."""
        scored = {key: _likeness(heard, curve) for key, curve in self._curves.items()}
        best = max(scored, key=scored.__getitem__, default=None)
        if best is None:
            return expected
        lead = scored[best] - scored.get(expected or "", 0.0)
        return best if scored[best] >= SURE or (scored[best] >= FAIR and lead >= CLEAR) else expected


def _key(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _curve(path: Path) -> Curve:
    with wave.open(str(path)) as recording:
        samples = np.frombuffer(recording.readframes(recording.getnframes()), "<i2").astype(np.float64)
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(levels > LOUD)
    return np.asarray(levels[loud[0] : loud[-1] + 1] if len(loud) else levels[:0])


def _likeness(heard: Curve, curve: Curve) -> float:
    """How well a recording fits the end of what was heard.

    It is laid over it piece by piece, each within a few frames of where the next one begins, in the best way of all:
    a busy machine drops and inserts frames.
    """
    if len(curve) < SHORTEST or not len(heard):
        return 0.0
    heard = np.concatenate([np.zeros(len(curve) + DRIFT), heard[-2 * len(curve) - FIRST_DRIFT :], np.zeros(DRIFT)])
    pieces = np.array_split(curve, max(LEAST_PIECES, len(curve) // PIECE))
    # best[x]: the sum over the pieces behind place x, if the next piece begins there; the last one ends near the end.
    best = np.full(len(heard) + 1, -np.inf)
    best[len(heard) - DRIFT - FIRST_DRIFT :] = 0.0
    for piece in reversed(pieces):
        fits = _correlations(sliding_window_view(heard, len(piece)), piece)
        near = sliding_window_view(np.pad(best, DRIFT, constant_values=-np.inf), 2 * DRIFT + 1).max(axis=1)
        best = np.full(len(heard) + 1, -np.inf)
        best[: len(fits)] = fits + near[len(piece) : len(piece) + len(fits)]
    return max(0.0, float(best.max())) / len(pieces)


def _correlations(windows: Curve, piece: Curve) -> Curve:
    windows = windows - windows.mean(axis=1, keepdims=True)
    piece = piece - piece.mean()
    norms = np.sqrt((windows**2).sum(axis=1) * (piece**2).sum())
    products: Curve = windows @ piece
    return np.asarray(np.divide(products, norms, out=np.zeros_like(products), where=norms > 0))
