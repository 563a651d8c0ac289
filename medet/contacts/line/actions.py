"""The only writers of the trunk and one's own recordings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medet.base import audit, journal, refused
from medet.base.actor import Actor
from medet.base.secret import encrypt
from medet.contacts.line.models import OwnPrompt, Trunk
from medet.contacts.line.rules import check_address, check_prefixes, spoken
from medet.people.states import Language

MAIN = "main"

refused.register(
    {
        "trunk.address": _("The address is a name or a number of the network with its port: sip.example.kz:5060."),
        "trunk.prefixes": _("Prefixes begin with + and a country code, for example +7."),
        "trunk.none": _("No telephone trunk is set yet."),
        "trunk.environment": _("The trunk is set by the environment of the processes and cannot be changed here."),
        "recording.not_wav": _("This is not a WAV file. Save the recording as WAV, 16 bit."),
        "recording.shape": _("The recording must be 16 bit, mono or stereo, with 8 to 48 kHz."),
        "recording.long": _("The recording is longer than %(n)d seconds."),
        "recording.short": _("There is hardly any speech in the recording."),
        "recording.clipped": _("The recording is too loud and its peaks are cut off: record it quieter."),
        "recording.quiet": _("The recording is too quiet: speak nearer to the microphone."),
        "recording.unknown": _("There is no such prompt."),
    }
)


@dataclass(frozen=True, kw_only=True)
class TrunkData:
    """What an administrator types; `password` None keeps the one that is there."""

    address: str
    user: str
    password: str | None
    register: bool
    caller_id: str
    allowed_prefixes: Sequence[str]
    max_channels: int
    attempts_per_s: float


@transaction.atomic
def put_trunk(*, data: TrunkData, by: Actor, now: datetime) -> Trunk:
    """The one trunk of the installation; the password goes in and never comes out to a page."""
    values = {
        "address": check_address(data.address),
        "user": data.user,
        "register": data.register,
        "caller_id": data.caller_id,
        "allowed_prefixes": check_prefixes(data.allowed_prefixes),
        "max_channels": data.max_channels,
        "attempts_per_s": data.attempts_per_s,
        "changed_by_id": by.user_id,
        "changed_at": now,
    }
    if data.password is not None:
        values["password_cipher"] = encrypt(data.password) if data.password else b""
    trunk = Trunk.objects.update_or_create(name=MAIN, defaults=values)[0]
    journal.append(kind="trunk.changed", by=by, now=now, object_uid=trunk.uid)
    audit.record(by=by, now=now, action="trunk.changed", object_uid=trunk.uid, address=data.address)
    return trunk


@transaction.atomic
def put_prompt(*, key: str, language: Language, words: str, data: bytes, by: Actor, now: datetime) -> OwnPrompt:
    """A recording of one's own in place of the shipped one, brought to the level of the telephone network."""
    made = spoken(data)
    values = {
        "wav": made.wav,
        "sha256": hashlib.sha256(made.wav).digest(),
        "text_sha256": words_hash(words),
        "seconds": made.seconds,
        "level_dbfs": made.level_dbfs,
        "put_by_id": by.user_id,
        "put_at": now,
    }
    row = OwnPrompt.objects.update_or_create(key=key, language=language, defaults=values)[0]
    audit.record(by=by, now=now, action="prompt.put", prompt=key, language=str(language))
    return row


@transaction.atomic
def drop_prompt(*, key: str, language: Language, by: Actor, now: datetime) -> bool:
    """Back to the shipped recording; False when that is what is spoken already."""
    dropped, _rows = OwnPrompt.objects.filter(key=key, language=language).delete()
    if dropped:
        audit.record(by=by, now=now, action="prompt.dropped", prompt=key, language=str(language))
    return bool(dropped)


def words_hash(words: str) -> bytes:
    """What ties a recording to its words."""
    return hashlib.sha256(words.strip().encode()).digest()
