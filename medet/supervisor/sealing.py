"""Files of a backup: encrypted piece by piece under a key made from the installation's own; any disk may hold them.

AES-256-GCM; a fresh key for each file (its salt stands in front), a counter as nonce, and a mark on the last piece:
nothing can be changed, left out, or cut off unseen.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from medet.supervisor.trouble import Trouble

MAGIC, SALT, PIECE, LENGTH = b"MEDETB1\n", 16, 1 << 20, 4


def keys_of(setting: str) -> list[bytes]:
    """`new,old` of MEDET_FIELD_KEY."""
    try:
        return [bytes.fromhex(part) for part in setting.split(",") if part]
    except ValueError as fault:
        raise Trouble("MEDET_FIELD_KEY is not 64 hex digits.") from fault


def fingerprint(key: bytes) -> str:
    """Tells keys apart and tells nothing of them."""
    return _derived(key, b"fingerprint", b"").hex()[:16]


def mac(key: bytes, content: bytes) -> str:
    """What only the key's owner can write under a manifest."""
    return hmac.digest(_derived(key, b"manifest", b""), content, "sha256").hex()


def seal(source: IO[bytes], target: IO[bytes], key: bytes) -> str:
    """Encrypts to the end; the sha256 of what was written."""
    salt, digest = os.urandom(SALT), hashlib.sha256()
    cipher = AESGCM(_derived(key, b"file", salt))

    def write(content: bytes) -> None:
        digest.update(content)
        target.write(content)

    write(MAGIC + salt)
    number, piece = 0, _read(source)
    while True:
        following = _read(source) if piece else b""
        sealed = cipher.encrypt(_nonce(number, last=not following), piece, MAGIC)
        write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        if not following:
            return digest.hexdigest()
        number, piece = number + 1, following


def opened(source: IO[bytes], key: bytes) -> Iterator[bytes]:
    """The pieces again; a changed or shortened file raises."""
    if source.read(len(MAGIC)) != MAGIC:
        raise Trouble("This is not a file of a backup.")
    cipher = AESGCM(_derived(key, b"file", source.read(SALT)))
    number, head = 0, source.read(LENGTH)
    while head:
        sealed = source.read(int.from_bytes(head, "big"))
        head = source.read(LENGTH)
        try:
            yield cipher.decrypt(_nonce(number, last=not head), sealed, MAGIC)
        except InvalidTag as problem:
            raise Trouble("A file of the backup is damaged, cut off, or of another key.") from problem
        number += 1
    if not number:
        raise Trouble("A file of the backup is cut off.")


def _read(source: IO[bytes]) -> bytes:
    """A whole piece, also from a pipe that gives less at a time."""
    parts, missing = [], PIECE
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _derived(key: bytes, purpose: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt or None, info=b"medet backup " + purpose).derive(key)
