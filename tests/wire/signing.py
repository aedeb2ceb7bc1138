"""Requests signed by botocore, as they come over the socket; the other side of the signature tests."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from honmono.wire.signature import Refusal, Secret, SignatureError, SignedRequest, verify

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
    request = AWSRequest(method, f"http://{HOST}{path}{'?' + query if query else ''}", data=body, headers=dict(headers))
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


def s3(path="/bucket/key", query="", body=b"data", method="PUT", **options):
    return sign(S3SigV4Auth, method, path, query, body=body, service="s3", **options)
