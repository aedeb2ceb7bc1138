from __future__ import annotations

import asyncio
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from honmono import server, tls


def load(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def names(path):
    found = load(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in found}


def test_keys_are_the_owners_alone_and_names_cover_what_sdks_insist_on(tmp_path):
    made = tls.ensure(tmp_path, "ap-southeast-7")
    for key in (made.key, made.authority.with_name(tls.AUTHORITY_KEY)):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert {"localhost", "*.localhost", "127.0.0.1", "::1", "*.ap-southeast-7.amazonaws.com"} <= names(made.certificate)


def test_what_is_good_is_kept_and_what_is_not_is_made_again(tmp_path):
    first = tls.ensure(tmp_path, "us-east-1")
    before, authority = first.certificate.read_bytes(), first.authority.read_bytes()
    tls.ensure(tmp_path, "us-east-1")
    assert first.certificate.read_bytes() == before

    soon = load(first.certificate).not_valid_after_utc - timedelta(days=29)
    tls.ensure(tmp_path, "us-east-1", now=soon)
    renewed = first.certificate.read_bytes()
    assert renewed != before
    assert load(first.certificate).not_valid_after_utc > soon + timedelta(days=300)

    tls.ensure(tmp_path, "us-east-1", "192.0.2.7", now=soon)
    assert "192.0.2.7" in names(first.certificate)
    assert first.authority.read_bytes() == authority, "clients trust the authority: it stays"


def test_a_certificate_of_another_authority_or_key_is_replaced(tmp_path):
    made = tls.ensure(tmp_path / "a", "us-east-1")
    other = tls.ensure(tmp_path / "b", "us-east-1")
    for foreign in (other.certificate, other.key):
        target = tmp_path / "a/tls" / foreign.name
        target.write_bytes(foreign.read_bytes())
        tls.ensure(tmp_path / "a", "us-east-1")
        load(made.certificate).verify_directly_issued_by(load(made.authority))
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(made.certificate, made.key)


def test_an_authority_that_ends_too_soon_is_made_again(tmp_path):
    made = tls.ensure(tmp_path, "us-east-1")
    late = datetime.now(UTC) + timedelta(days=3600)
    tls.ensure(tmp_path, "us-east-1", now=late)
    assert load(made.authority).not_valid_after_utc > late + timedelta(days=400)


def test_a_damaged_file_is_named(tmp_path):
    made = tls.ensure(tmp_path, "us-east-1")
    made.authority.write_text("garbage")
    with pytest.raises(tls.TlsUnusable, match="Delete that folder"):
        tls.ensure(tmp_path, "us-east-1")


@pytest.fixture
def https(tmp_path):
    """The port of a TLS endpoint that answers 204 to everything, and the authority's file."""
    made = tls.ensure(tmp_path, "us-east-1")
    endpoint = server.Endpoint("127.0.0.1", 0, made.certificate, made.key).bound()
    ready, held = threading.Event(), {}

    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def main():
        held["stop"], held["loop"] = asyncio.Event(), asyncio.get_running_loop()
        await server.serve(answer, [endpoint], ready.set, held["stop"])

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(10)
    yield endpoint.port, made.authority
    held["loop"].call_soon_threadsafe(held["stop"].set)
    thread.join(15)


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "sts.eu-west-1.amazonaws.com", "bucket.s3.us-east-1.amazonaws.com"]
)
@pytest.mark.parametrize("offered", ["h2", "http/1.1"])
def test_clients_that_trust_the_authority_get_the_protocol_they_offer(https, name, offered):
    port, authority = https
    context = ssl.create_default_context(cafile=authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols([offered])

    async def connect():
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
        chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        writer.close()
        return chosen

    assert asyncio.run(connect()) == offered


def test_clients_that_do_not_are_not_let_in_unawares(https):
    port, _ = https
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    async def connect():
        await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")

    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(connect())
