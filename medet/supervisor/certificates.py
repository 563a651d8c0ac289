"""TLS of `make serve`: a given certificate, or one of our own authority, made anew before it runs out.

The authority's key signs nothing but this installation's certificate; computers that trust `authority.pem` trust the
pages. Both keys are readable for the owner only.
"""

import contextlib
import ipaddress
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from medet.supervisor.trouble import Trouble

FOLDER = "tls"
AUTHORITY_DAYS, DAYS, RENEW_DAYS = 3650, 390, 30
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Tls:
    """The files a server is started with; `authority` only for our own."""

    certificate: Path
    key: Path
    authority: Path | None = None


def tls_of(data: Path, env: Mapping[str, str]) -> Tls | None:
    """None when pages travel without TLS: behind a proxy that speaks it, or where nobody else can listen."""
    if env.get("MEDET_PROXY") == "1" or env.get("MEDET_HTTPS", "1") == "0":
        return None
    given, key = env.get("MEDET_CERTIFICATE"), env.get("MEDET_CERTIFICATE_KEY")
    if given or key:
        return _given(given, key)
    return own(data / FOLDER, names(env))


def _given(certificate: str | None, key: str | None) -> Tls:
    for name, path in (("MEDET_CERTIFICATE", certificate), ("MEDET_CERTIFICATE_KEY", key)):
        if not path or not Path(path).is_file():
            raise Trouble(f"{name} names no file: {path or 'not set'}. Both are needed, in PEM; the key as PKCS#8.")
    return Tls(Path(str(certificate)), Path(str(key)))


def names(env: Mapping[str, str]) -> list[str]:
    """What the pages are asked by: the given hosts, else this machine's names and addresses."""
    if env.get("MEDET_HOSTS"):
        return env["MEDET_HOSTS"].split()
    host = socket.gethostname()
    return list(dict.fromkeys(["localhost", "127.0.0.1", host, *_addresses(host)]))


def _addresses(host: str) -> list[str]:
    """The machine's own addresses; asking the routing table sends no packet."""
    found = set()
    with contextlib.suppress(OSError):
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, socket.AF_INET)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found.add(probe.getsockname()[0])
        except OSError:
            pass
    return sorted(found - {"127.0.0.1"})


def own(folder: Path, hosts: Sequence[str], *, now: datetime | None = None) -> Tls:
    """Our own certificate for these names: kept while it fits, made anew otherwise."""
    now = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Tls(folder / "server.pem", folder / "server.key", folder / "authority.pem")
    authority, key = _authority(folder, now)
    if not _fits(made, authority, hosts, now):
        _server(made, authority, key, hosts, now)
    return made


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, Key]:
    certificate, key = folder / "authority.pem", folder / "authority.key"
    if certificate.exists() and key.exists():
        held = serialization.load_pem_private_key(key.read_bytes(), None)
        if not isinstance(held, ec.EllipticCurvePrivateKey):
            raise Trouble(f"{key} is not a key of ours: put the file back from your backup.")
        return x509.load_pem_x509_certificate(certificate.read_bytes()), held
    fresh = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Medet of {socket.gethostname()}"[:64])])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = (
        _builder(name, name, fresh.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(fresh, hashes.SHA256())
    )
    _write(key, _pem(fresh))
    _write(certificate, made.public_bytes(serialization.Encoding.PEM))
    return made, fresh


def _server(tls: Tls, authority: x509.Certificate, key: Key, hosts: Sequence[str], now: datetime) -> None:
    fresh = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
    made = (
        _builder(name, authority.subject, fresh.public_key(), now, DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(tls.key, _pem(fresh))
    chain = [made, authority]
    _write(tls.certificate, b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a clock that goes a little slow
        .not_valid_after(now + timedelta(days=days))
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.removeprefix("."))


def _fits(tls: Tls, authority: x509.Certificate, hosts: Sequence[str], now: datetime) -> bool:
    if not (tls.certificate.exists() and tls.key.exists()):
        return False
    held = x509.load_pem_x509_certificates(tls.certificate.read_bytes())[0]
    said = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = held.not_valid_after_utc > now + timedelta(days=RENEW_DAYS)
    return lasts and held.issuer == authority.subject and set(said) == {_general(host) for host in hosts}


def _pem(key: Key) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """In one step, for the owner's eyes."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
    fresh.replace(path)
