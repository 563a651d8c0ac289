"""Given files stay in memory, never in a folder, and one that is too large is not read to its end."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload

# Above every limit of the house (policy parameters), which say it in words.
MOST = 32_000_000


class InMemory(MemoryFileUploadHandler):
    """Django's own, for files of every size up to a hard end."""

    def handle_raw_input(self, *args: Any, **options: Any) -> None:
        """Always ours: there is no other handler to leave a larger file to."""
        self.activated = True
        self.got = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Counts, since what a request says of its length is not believed."""
        self.got += len(raw_data)
        if self.got > MOST:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)
        return None
