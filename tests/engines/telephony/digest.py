"""The digest of RFC 2617, counted by hand from what went over the wire."""

import hashlib
import re

from tests.engines.telephony.harness import PASSWORD


def assert_digest(wire: str, method: str, header: str) -> None:
    """The first answer to a challenge with qop=auth (§3.2.2) is right."""
    line = re.findall(rf"^{header}: Digest (.*)$", wire, re.MULTILINE)[0]
    said = {key: quoted or bare for key, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]*))', line)}
    assert (said["username"], said["realm"]) == ("robot", "trunk.test")
    secret = _md5(f"robot:trunk.test:{PASSWORD}")
    target = _md5(f"{method}:{said['uri']}")
    assert said["response"] == _md5(f"{secret}:{said['nonce']}:{said['nc']}:{said['cnonce']}:auth:{target}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
