"""Version 4 signatures: clocks, expiry, what cannot be read, and how each service family words it."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.signature import (
    Refusal,
    SignatureError,
    SignedRequest,
    credential_scope,
    wording,
)

from .signing import BODY, HOST, KEY, changed, check, refusal, s3, sign

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")

SUITE_TIME = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "let_in"), [(-14, True), (-16, False), (14, True), (16, False)])
def test_the_clock_may_be_fifteen_minutes_off(minutes, let_in):
    now = datetime.now(UTC) + timedelta(minutes=minutes)
    for request, body in ((sign(), BODY), (s3(), b"data")):
        if let_in:
            assert check(request, body, now).identity
        else:
            error = refusal(request, body, now)
            assert error.kind is Refusal.SKEWED
            assert wording(error, "s3").code == "RequestTimeTooSkewed"
            assert wording(error, "ec2").code == "RequestExpired"
            text = wording(error, "json").message
            stamp = request.headers["x-amz-date"]
            late = f"Signature expired: {stamp} is now earlier than"
            lead = late if minutes > 0 else f"Signature not yet current: {stamp} is still later than"
            assert text.startswith(lead)
            assert "15 min.)" in text


def test_a_date_header_stands_in_for_x_amz_date():
    request = sign(headers={"Date": "set by botocore"})
    assert "x-amz-date" not in request.headers
    assert check(request).identity
    error = refusal(changed(request, headers={"date": "yesterday"}))
    assert (wording(error, "s3").code, wording(error, "s3").status) == ("AccessDenied", 403)


@pytest.mark.parametrize("signer", [SigV4QueryAuth, S3SigV4QueryAuth])
def test_presigned_requests_live_as_long_as_they_say(signer):
    service = "s3" if signer is S3SigV4QueryAuth else "sts"
    request = sign(signer, "GET", "/", service=service, body=b"", expires=100)
    start = datetime.now(UTC)
    assert check(request, b"", start + timedelta(seconds=90)).presigned
    error = refusal(request, b"", start + timedelta(seconds=102))
    assert error.kind is Refusal.EXPIRED
    assert wording(error, "s3").message == "Request has expired"
    assert "is now earlier than" in wording(error, "query").message
    longer = request.query.replace("X-Amz-Expires=100", "X-Amz-Expires=200")
    assert refusal(changed(request, query=longer), b"").kind is Refusal.MISMATCH
    assert refusal(request, b"", start - timedelta(minutes=16)).kind is Refusal.EXPIRED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("X-Amz-Expires=3600", "X-Amz-Expires=604801", "less than a week"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=-1", "non-negative"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=soon", "should be a number"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=" + "9" * 5000, "should be a number"),
        ("&X-Amz-Expires=3600", "", "X-Amz-Expires parameters"),
        ("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "", "X-Amz-Algorithm, X-Amz-Credential"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5", "X-Amz-Algorithm only supports"),
        ("%2Faws4_request", "%2Faws3_request", "incorrect terminator"),
        ("%2Faws4_request", "", "mal-formed"),
        ("us-east-1", "us-east-1%0D%0AX-Moto-Account-Id%3A%20999999999999", "mal-formed"),
        ("us-east-1", "%E6%9D%B1%E4%BA%AC", "mal-formed"),
        ("X-Amz-Date=2", "X-Amz-Date=x", "ISO8601"),
        ("X-Amz-Date=20", "X-Amz-Date=19", "Invalid credential date"),
        ("X-Amz-Signature=", "X-Amz-Signatures=", "X-Amz-Signature, X-Amz-Date"),
    ],
)
def test_malformed_presigned_queries_in_s3s_words(old, new, said):
    request = sign(S3SigV4QueryAuth, "GET", "/b/k", service="s3", body=b"")
    assert old in request.query
    error = refusal(changed(request, query=request.query.replace(old, new)), b"")
    assert wording(error, "s3").code == "AuthorizationQueryParametersError"
    assert wording(error, "s3").status == 400
    assert said in wording(error, "s3").message
    assert wording(error, "json").message


@pytest.mark.parametrize(
    ("authorization", "kind"),
    [
        ("AWS4-HMAC-SHA256", Refusal.MALFORMED),
        ("AWS4-HMAC-SHA256 Credential=a/b", Refusal.MALFORMED),
        ("AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=", Refusal.MALFORMED),
        ("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=x", Refusal.MALFORMED),
        ("AWS4-ECDSA-P256-SHA256 Credential=a/b/c", Refusal.UNSUPPORTED),
        ("Bearer abc", Refusal.UNSUPPORTED),
        ("", Refusal.UNSUPPORTED),
    ],
)
def test_authorization_headers_that_cannot_be_read(authorization, kind):
    error = refusal(changed(sign(), headers={"authorization": authorization}))
    assert error.kind is kind
    for family in ("s3", "json", "rest-json", "query", "ec2"):
        assert wording(error, family).message


def test_what_is_missing_is_named():
    error = refusal(changed(sign(), headers={"authorization": "AWS4-HMAC-SHA256 Signature=x"}))
    said = wording(error, "json")
    assert (said.code, said.status) == ("IncompleteSignatureException", 400)
    assert "requires 'Credential' parameter" in said.message
    assert "'Signature' parameter" not in said.message


def test_an_unsigned_request_is_worded_per_family():
    error = refusal(SignedRequest("GET", "/", "", {"host": HOST}))
    assert error.kind is Refusal.MISSING
    said = {family: wording(error, family) for family in ("s3", "json", "rest-json", "query")}
    assert {family: (words.code, words.status) for family, words in said.items()} == {
        "s3": ("AccessDenied", 403),
        "json": ("MissingAuthenticationTokenException", 400),
        "rest-json": ("MissingAuthenticationTokenException", 403),
        "query": ("MissingAuthenticationToken", 403),
    }


def test_an_unknown_key_and_a_mismatch_are_worded_per_family():
    unknown, mismatch = refusal(sign(key="AKIDOTHER")), refusal(sign(), body=b"")
    assert [(wording(unknown, f).code, wording(mismatch, f).code) for f in ("s3", "json", "query", "ec2")] == [
        ("InvalidAccessKeyId", "SignatureDoesNotMatch"),
        ("UnrecognizedClientException", "InvalidSignatureException"),
        ("InvalidClientTokenId", "SignatureDoesNotMatch"),
        ("AuthFailure", "AuthFailure"),
    ]


@pytest.mark.parametrize("kind", Refusal)
@pytest.mark.parametrize("family", ["s3", "json", "rest-json", "query", "ec2"])
def test_every_refusal_has_words_in_every_family(kind, family):
    said = wording(SignatureError(kind), family)
    assert said.code
    assert said.message
    assert said.status in (400, 401, 403)


def test_two_mechanisms_at_once_are_refused():
    request = changed(sign(), query=sign(SigV4QueryAuth, "GET", body=b"").query)
    assert refusal(request).kind is Refusal.AMBIGUOUS


def test_the_scope_is_read_before_anything_is_verified():
    for signer in (SigV4Auth, SigV4QueryAuth):
        request = sign(signer, service="lex", region="eu-west-1", body=b"")
        scope = credential_scope(request.headers, request.query)
        assert (scope.access_key, scope.region, scope.service) == (KEY, "eu-west-1", "lex")
    assert credential_scope({}, "") is None
    assert credential_scope({"authorization": "AWS key:signature"}, "") is None


ascii_noise = st.text(st.characters(max_codepoint=255), max_size=60)
words = [
    "AWS4-HMAC-SHA256 ",
    "Credential=",
    KEY,
    "/20150830/us-east-1/s3/aws4_request",
    ",",
    "SignedHeaders=",
]
words += ["host", "Signature=", "X-Amz-Credential=", "&", "X-Amz-Date=", "20150830T123600Z", "X-Amz-Expires="]
words += ["X-Amz-Algorithm=AWS4-HMAC-SHA256", "99", "X-Amz-Signature=", "%", "%zz", "/", "=", "+", "é", " "]
pieces = st.lists(st.sampled_from(words), max_size=25).map("".join)


@settings(max_examples=300)
@given(
    path=ascii_noise,
    query=st.one_of(ascii_noise, pieces),
    authorization=st.one_of(st.none(), ascii_noise, pieces),
    date=st.one_of(st.none(), st.just("20150830T123600Z"), st.text(max_size=30)),
    sha=st.one_of(st.none(), ascii_noise),
)
def test_noise_never_raises_anything_but_the_typed_error(path, query, authorization, date, sha):
    headers = {"host": HOST, "authorization": authorization, "x-amz-date": date, "x-amz-content-sha256": sha}
    request = SignedRequest("GET", path, query, {k: v for k, v in headers.items() if v is not None})
    credential_scope(request.headers, request.query)
    error = refusal(request, b"", SUITE_TIME)
    for family in ("s3", "json", "query", "ec2"):
        assert wording(error, family).message


def test_characters_that_no_wire_carries_are_refused():
    assert refusal(changed(sign(), headers={"host": "語"})).kind is Refusal.MALFORMED
    assert refusal(changed(sign(), raw_path="/語")).kind is Refusal.MALFORMED
    forged = sign().headers["authorization"] + "\ud800"
    assert refusal(changed(sign(), headers={"authorization": forged})).kind is Refusal.MALFORMED
