"""The certificate of our own authority, the unit of systemd, and an upgrade that is never half done."""

import contextlib
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from medet.supervisor import certificates, releases, units
from medet.supervisor.trouble import Trouble
from tests.needs import needs

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def shaken(tls: certificates.Tls, name: str) -> dict[str, object]:
    """What a client that trusts the authority sees of a server with our certificate."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(tls.certificate, tls.key)
    client = ssl.create_default_context(cafile=str(tls.authority))
    ours, theirs = socket.socketpair()

    def answer() -> None:
        with contextlib.suppress(ssl.SSLError), server.wrap_socket(theirs, server_side=True):
            pass

    answering = threading.Thread(target=answer, daemon=True)
    answering.start()
    with client.wrap_socket(ours, server_hostname=name) as wrapped:
        seen: dict[str, object] = {**(wrapped.getpeercert() or {})}
    answering.join(10)
    return seen


def test_whoever_trusts_the_authority_trusts_the_pages_by_name_and_by_number(tmp_path: Path) -> None:
    tls = certificates.own(tmp_path / "tls", ["medet.local", "10.1.2.3"])
    assert shaken(tls, "medet.local")["subject"]
    assert shaken(tls, "10.1.2.3")["subject"]
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(tls, "elsewhere.local")
    assert {path.stat().st_mode & 0o077 for path in (tls.key, tmp_path / "tls" / "authority.key")} == {0}


def test_a_certificate_is_kept_while_it_fits_and_the_authority_for_good(tmp_path: Path) -> None:
    folder = tmp_path / "tls"

    def made(host: str, at: datetime) -> tuple[bytes, bytes]:
        tls = certificates.own(folder, [host], now=at)
        assert tls.authority
        return tls.certificate.read_bytes(), tls.authority.read_bytes()

    first = made("a.local", NOW)
    assert made("a.local", NOW + timedelta(days=300)) == first
    renewed, other = made("a.local", NOW + timedelta(days=370)), made("b.local", NOW + timedelta(days=370))
    assert len({first[0], renewed[0], other[0]}) == 3
    assert first[1] == renewed[1] == other[1]


def test_a_given_certificate_is_used_and_a_missing_one_named(tmp_path: Path) -> None:
    own = certificates.own(tmp_path / "tls", ["a.local"])
    env = {"MEDET_CERTIFICATE": str(own.certificate), "MEDET_CERTIFICATE_KEY": str(own.key)}
    given = certificates.tls_of(tmp_path, env)
    assert given
    assert given.authority is None
    with pytest.raises(Trouble, match="MEDET_CERTIFICATE_KEY names no file"):
        certificates.tls_of(tmp_path, env | {"MEDET_CERTIFICATE_KEY": ""})
    assert certificates.tls_of(tmp_path, {"MEDET_PROXY": "1"}) is None


def test_the_unit_is_understood_by_systemd_and_never_roots(tmp_path: Path) -> None:
    text = units.unit({"MEDET_DATA": str(tmp_path)}, user="daemon")
    path = tmp_path / "medet.service"
    path.write_text(text)
    done = subprocess.run(
        [needs("systemd-analyze"), "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
    )
    assert str(path) not in done.stderr, done.stderr
    assert "User=daemon" in text
    assert f"ReadWritePaths={tmp_path}" in text
    with pytest.raises(Trouble, match="does not run as root"):
        units.unit({}, user="root")


def test_a_half_done_upgrade_stops_every_start(tmp_path: Path) -> None:
    releases.check(tmp_path)
    (tmp_path / releases.MARK).write_text('{"backup": "/backups/medet-1"}')
    with pytest.raises(Trouble, match=r"An upgrade was not finished.*/backups/medet-1"):
        releases.check(tmp_path)
