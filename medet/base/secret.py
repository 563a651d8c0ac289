"""National numbers at rest: encrypted with AES-256-GCM, looked up by a keyed hash.

settings.FIELD_KEY is 64 hex digits, or several such keys parted by commas, the newest first: text is encrypted under
the newest and decrypted under the one whose version it carries. Hashes and seals always use the oldest key, so that
look-up goes on working; a new hash key means hashing all rows anew.
"""

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12


class Tampered(ValueError):
    """The bytes are not what this installation once encrypted."""


def encrypt(text: str) -> bytes:
    """Version byte, nonce, ciphertext with tag; different each time."""
    version = len(_keys(settings.FIELD_KEY))
    nonce = os.urandom(NONCE_BYTES)
    return bytes([version]) + nonce + _cipher(version).encrypt(nonce, text.encode(), bytes([version]))


def decrypt(data: bytes | memoryview) -> str:
    """The text again; takes the memoryview a database column gives."""
    stored = bytes(data)
    version, nonce, body = stored[:1], stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
    if not body or not 1 <= version[0] <= len(_keys(settings.FIELD_KEY)):
        raise Tampered("unknown key version or cut short")
    try:
        return _cipher(version[0]).decrypt(nonce, body, version).decode()
    except InvalidTag as problem:
        raise Tampered("changed, or encrypted under another key") from problem


def keyed_hash(text: str) -> bytes:
    """HMAC-SHA256: equal texts have equal hashes, which nobody can try out without the key."""
    return hmac.digest(_derived(settings.FIELD_KEY, 1, b"medet look-up hash"), text.encode(), "sha256")


def seal_mac(data: bytes) -> bytes:
    """What only this installation can write under a link of a seal chain."""
    return hmac.digest(_derived(settings.FIELD_KEY, 1, b"medet seal"), data, "sha256")


def _cipher(version: int) -> AESGCM:
    return AESGCM(_derived(settings.FIELD_KEY, version, b"medet field encryption"))


@lru_cache(maxsize=32)
def _derived(setting: str, version: int, purpose: bytes) -> bytes:
    """One key for each purpose; version 1 is the oldest key."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(_keys(setting)[-version])


@lru_cache(maxsize=4)
def _keys(setting: str) -> tuple[bytes, ...]:
    try:
        keys = tuple(bytes.fromhex(part) for part in setting.split(","))
    except ValueError:
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ImproperlyConfigured("MEDET_FIELD_KEY must be 64 hex digits (several keys: commas, newest first)")
    return keys
