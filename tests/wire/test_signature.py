"""Version 4 signatures: botocore signs, we verify; then every part is changed and must be refused."""

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.signature import (
    PayloadForm,
    Refusal,
    Secret,
    SignatureError,
    SignedRequest,
    check_payload,
    credential_scope,
    join_headers,
    signing_key,
    verify,
    wording,
)

KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "a/session+token=="
HOST = "127.0.0.1:4566"
BODY = b'{"Text": "hello", "LanguageCode": "en"}'


def lookup(access_key, token):
    if access_key != KEY:
        return None
    if token is not None and token != TOKEN:
        raise SignatureError(Refusal.INVALID_TOKEN)
    return Secret(SECRET, f"user of {access_key}, token {token}")


def sign(
    signer=SigV4Auth,
    method="POST",
    path="/",
    query="",
    headers=(),
    body=BODY,
    service="comprehend",
    key=KEY,
    secret=SECRET,
    token=None,
    region="us-east-1",
    context=None,
    **options,
):
    """A request as it comes over the socket, signed by botocore."""
    request = AWSRequest(
        method, f"http://{HOST}{path}{'?' + query if query else ''}", data=body, headers=dict(headers)
    )
    request.context.update(context or {})
    signer(Credentials(key, secret, token), service, region, **options).add_auth(request)
    return received(request)


def received(request):
    split = urlsplit(request.url)
    headers = {"host": HOST} | {name.lower(): value for name, value in request.headers.items()}
    return SignedRequest(request.method, split.path, split.query, headers)


def changed(request, **parts):
    headers = {**request.headers, **parts.pop("headers", {})}
    values = {"method": request.method, "raw_path": request.raw_path, "query": request.query} | parts
    return SignedRequest(headers={k: v for k, v in headers.items() if v is not None}, **values)


def check(request, body=BODY, now=None, **options):
    return verify(request, lookup, now=now or datetime.now(UTC), body=body, **options)


def refusal(request, body=BODY, now=None, **options):
    with pytest.raises(SignatureError) as caught:
        check(request, body, now, **options)
    return caught.value


def test_a_json_request_signed_by_botocore_is_let_in():
    request = sign(headers={"X-Amz-Target": "Comprehend_20171127.DetectSentiment"})
    verified = check(request, service="comprehend")
    assert verified.identity == f"user of {KEY}, token None"
    assert (verified.access_key, verified.scope.region, verified.scope.service) == (
        KEY,
        "us-east-1",
        "comprehend",
    )
    assert verified.payload.sha256 == hashlib.sha256(BODY).hexdigest()
    date = verified.scope.date
    assert verified.signing_key_of(date) == signing_key(SECRET, date, "us-east-1", "comprehend")
    assert SECRET not in repr(verified)
    assert not verified.presigned


def test_another_body_secret_or_key_is_refused():
    assert refusal(sign(), body=BODY + b" ").kind is Refusal.MISMATCH
    assert refusal(sign(secret=SECRET[:-1])).kind is Refusal.MISMATCH
    assert refusal(sign(key="AKIDOTHER")).kind is Refusal.UNKNOWN_KEY
