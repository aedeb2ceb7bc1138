"""HTTPS without a public authority: a local one in the data directory, and the server's certificate signed by it.

The authority is made once, so that a client has to be told only once (`honmono tls ca`); the server's certificate is
made again when it is about to expire, lacks a name, or was signed by another authority. Keys are readable by the
owner alone.

The names include AWS's own. SDKs call some services (STS in the SageMaker SDK) by their public host name whatever
endpoint they were given; a user who points such a name at this machine gets an answer instead of a certificate error.
A name in a certificate takes one wildcard, for one label, so the ones with a region are written as *.REGION….
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

AUTHORITY = "ca.pem"
AUTHORITY_KEY = "ca-key.pem"
CERTIFICATE = "server.pem"
KEY = "server-key.pem"

# Apple's platforms refuse server certificates of more than 825 days; authorities may last.
_AUTHORITY_LASTS = timedelta(days=3650)
_CERTIFICATE_LASTS = timedelta(days=397)
_RENEW_BEFORE = timedelta(days=30)
# A client whose clock is a little behind must not see a certificate from the future.
_BACKDATED = timedelta(days=1)

_LOCAL_NAMES = ("localhost", "*.localhost", "s3.localhost", "*.s3.localhost")
_LOCAL_ADDRESSES = ("127.0.0.1", "::1")


class TlsUnusable(Exception):
    """The keys and certificates in the data directory cannot be read or made."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files, all PEM: the authority's certificate for clients, the server's certificate (with the authority's) and
    key."""

    authority: Path
    certificate: Path
    key: Path


def ensure(data: Path, region: str, host: str = "127.0.0.1", *, now: datetime | None = None) -> Certificates:
    """The certificates of a data directory, made or renewed as needed.

    Args:
        data: the data directory; they lie in its folder `tls`.
        region: the region whose AWS names are wanted besides the common ones.
        host: the address that the server listens on.
        now: the moment to judge expiry by; defaults to the clock.

    Raises:
        TlsUnusable: what is there cannot be read, or the folder cannot be written.
    """
    now = now or datetime.now(UTC)
    folder = data / "tls"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority, authority_key = _authority(folder, now)
        names = server_names(region, host)
        if not _still_good(folder, authority, names, now):
            _make_certificate(folder, authority, authority_key, names, now)
    except OSError as error:
        raise TlsUnusable(f"{error.filename or folder}: {error.strerror or error}") from error
    except ValueError as error:
        raise TlsUnusable(
            f"A key or certificate in {folder} cannot be read ({error}). Delete that folder to have new ones made; "
            "clients must then be given the new authority."
        ) from error
    return Certificates(folder / AUTHORITY, folder / CERTIFICATE, folder / KEY)


def server_names(region: str, host: str) -> tuple[str, ...]:
    """Every name and address that the server's certificate covers, without repetition."""
    regions = dict.fromkeys((region, "us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1",
                             "ap-northeast-1", "ap-northeast-3", "ap-southeast-1"))  # fmt: skip
    names = [*_LOCAL_NAMES, *_LOCAL_ADDRESSES, socket.gethostname().lower(), "*.amazonaws.com"]
    names += [f"*.{each}.amazonaws.com" for each in regions]
    names += [f"*.s3.{each}.amazonaws.com" for each in regions]
    if host not in ("0.0.0.0", "::", ""):
        names.append(host.lower())
    return tuple(dict.fromkeys(names))


def _authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    from cryptography import x509

    path = folder / AUTHORITY
    if path.exists() and (folder / AUTHORITY_KEY).exists():
        found = x509.load_pem_x509_certificate(path.read_bytes())
        if found.not_valid_after_utc - _CERTIFICATE_LASTS > now:
            return found, _read_key(folder / AUTHORITY_KEY)
    return _make_authority(folder, now)


def _make_authority(folder: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Honmono"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Honmono local authority {socket.gethostname()}"[:64]),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(folder / AUTHORITY_KEY, key)
    _write(folder / AUTHORITY, _pem(certificate), 0o644)
    return certificate, key


def _make_certificate(
    folder: Path,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    names: Iterable[str],
    now: datetime,
) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _CERTIFICATE_LASTS)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_key(folder / KEY, key)
    _write(folder / CERTIFICATE, _pem(certificate) + _pem(authority), 0o644)


def _still_good(folder: Path, authority: x509.Certificate, names: Iterable[str], now: datetime) -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    path = folder / CERTIFICATE
    if not path.exists() or not (folder / KEY).exists():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    try:
        found.verify_directly_issued_by(authority)
    except (InvalidSignature, TypeError, ValueError):
        return False
    covered = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        now + _RENEW_BEFORE < found.not_valid_after_utc
        and {_general_name(name) for name in names} <= set(covered)
        # The two files are written one after the other: an end between them leaves a pair that does not fit.
        and found.public_key() == _read_key(folder / KEY).public_key()
    )


def _general_name(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} is no elliptic-curve key")
    return key


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    _write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace the file at once: a reader sees the old content or the new."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    temporary.replace(path)
