"""A stream of events under a test's thumb: stands in for the push process."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Stream:
    """What the listening pages are told, and whether anybody listens."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.port = server.server_port
        self.lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.listening = threading.Event()

    def say(self, kind: str, uid: str = "0") -> None:
        """One change, as the push process words it."""
        self.lines.put(f"data: {json.dumps({'kind': kind, 'uid': uid})}\n\n".encode())

    def fall(self) -> None:
        """The process dies: the open stream ends and nobody answers any more."""
        self.lines.put(None)
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def streaming() -> Iterator[Stream]:
    """A stream on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    stream = Stream(server)
    server.daemon_threads = True
    server.RequestHandlerClass = _handler(stream)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield stream
    stream.fall()


def _handler(stream: Stream) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
            self.send_header("Access-Control-Allow-Credentials", "true")
            self.end_headers()
            self.wfile.write(b": hello\n\n")
            stream.listening.set()
            while (line := stream.lines.get()) is not None:
                self.wfile.write(line)
                self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    return Handler
