"""Just enough of SIP (RFC 3261) to answer a request or to hand it on: text in, text out."""

import hashlib
import re
from dataclasses import dataclass

_NUMBER = re.compile(r"sips?:([^@;>]+)@")
# What an answer repeats from its request (§8.2.6.2), in full and compact form.
_REPEATED = frozenset({"via", "v", "from", "f", "to", "t", "call-id", "i", "cseq", "record-route"})
_SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}
REASONS = {
    180: "Ringing",
    200: "OK",
    404: "Not Found",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    603: "Decline",
}


@dataclass(frozen=True)
class Message:
    """A request or an answer, as it came."""

    start: str
    headers: tuple[str, ...]
    body: str

    @classmethod
    def read(cls, data: bytes) -> "Message | None":
        """None for what is no SIP message (keep-alives, stray packets)."""
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        start, *headers = head.split("\r\n")
        message = cls(start, tuple(headers), body)
        return message if "SIP/2.0" in start and message.get("call-id") else None

    def write(self) -> bytes:
        """As it goes over the wire."""
        return "\r\n".join((self.start, *self.headers, "", self.body)).encode()

    @property
    def is_answer(self) -> bool:
        """Whether it answers a request."""
        return self.start.startswith("SIP/2.0 ")

    @property
    def method(self) -> str:
        """INVITE, ACK ...; of an answer the method it answers."""
        return self.get("cseq").split()[-1] if self.is_answer else self.start.split()[0]

    @property
    def call(self) -> str:
        """The Call-ID."""
        return self.get("call-id")

    @property
    def number(self) -> str:
        """The number that is rung."""
        found = _NUMBER.search(self.start)
        return found[1] if found else ""

    def get(self, name: str) -> str:
        """The first header of a name, in full or compact form."""
        for line in self.headers:
            if _name(line) == name:
                return line.partition(":")[2].strip()
        return ""


def _name(line: str) -> str:
    name = line.partition(":")[0].strip().lower()
    return _SHORT.get(name, name)


def answer(request: Message, code: int, *more: str) -> bytes:
    """An answer of our own."""
    kept = [line for line in request.headers if line.partition(":")[0].strip().lower() in _REPEATED]
    tagged = [
        f"{line};tag=city" if _name(line) == "to" and ";tag=" not in line and code > 100 else line for line in kept
    ]
    return Message(f"SIP/2.0 {code} {REASONS[code]}", (*tagged, *more, "Content-Length: 0"), "").write()


def onward(request: Message, via: str) -> bytes:
    """A request handed on by a stateless proxy (§16.11): our Via on top, its branch made from the one below."""
    branch = hashlib.sha256(request.get("via").encode()).hexdigest()[:24]
    own = f"Via: SIP/2.0/UDP {via};branch=z9hG4bK{branch}"
    return Message(request.start, (own, *request.headers), request.body).write()


def backward(response: Message) -> bytes:
    """An answer handed back: the topmost Via, which is ours, is taken off."""
    first = next(place for place, line in enumerate(response.headers) if _name(line) == "via")
    return Message(response.start, response.headers[:first] + response.headers[first + 1 :], response.body).write()
