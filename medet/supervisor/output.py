"""What the children print: kept in a log file each, and shown on the console with the child's name before it."""

import contextlib
import os
from pathlib import Path
from typing import IO

LOG_BYTES = 10_000_000


class Console:
    """Standard output that may go away: a closed terminal or pipe must not end a telephone call."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream

    def line(self, text: str) -> None:
        """Print at once or never again."""
        if self._stream is None:
            return
        try:
            print(text, file=self._stream, flush=True)
        except (OSError, ValueError):
            self._stream = None


class LogFile:
    """A file of lines that is begun anew when it has grown; one older one is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("ab")

    def write(self, line: bytes) -> None:
        """One line with its end."""
        if self._stream.tell() > LOG_BYTES:
            self._stream.close()
            self.path.replace(self.path.with_suffix(".log.1"))
            self._stream = self.path.open("ab")
        with contextlib.suppress(OSError):  # a full disk
            self._stream.write(line + b"\n")
            self._stream.flush()

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()


class Lines:
    """Cuts a non-blocking pipe into lines."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self._rest = b""
        os.set_blocking(handle, False)

    def read(self) -> tuple[list[bytes], bool]:
        """The whole lines that are there, and whether the pipe is still open."""
        try:
            chunk = os.read(self.handle, 65536)
        except BlockingIOError:
            return [], True
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            lines, self._rest = [*lines, self._rest], b""
        return lines, bool(chunk)
