"""Version 4 signatures: botocore signs, we verify; then every part is changed and must be refused."""

import hashlib
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
    SignatureError,
    SignedRequest,
    check_payload,
    join_headers,
    signing_key,
    wording,
)

from .signing import BODY, HOST, KEY, SECRET, TOKEN, changed, check, received, refusal, s3, sign

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")


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


PATHS = [
    "/bucket/" + quote("ключ/日本 語.txt"),
    "/bucket/a%20b+c",
    "/bucket/a%2Fb",
    "/bucket//double//slash/",
    "/bucket/./dot/../dots",
    "/bucket/100%25",
    "/bucket/(a)!*'$&,;=:@~",
    "/bucket/%E3%81%82%FF",
    "/",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signer", [S3SigV4Auth, S3SigV4QueryAuth])
def test_s3_takes_the_path_as_it_is_sent(path, signer):
    body = b"" if signer is S3SigV4QueryAuth else b"data"
    request = sign(signer, "PUT", path, service="s3", body=body)
    assert check(request, body).identity
    for other in (path + "/", path.replace("/", "//", 1), "/other" + path, path + "%20"):
        assert refusal(changed(request, raw_path=other), body).kind is Refusal.MISMATCH


def test_an_encoded_slash_is_no_slash_and_a_plus_in_a_path_is_no_space():
    for signed, sent in (("/b/a%2Fb", "/b/a/b"), ("/b/a/b", "/b/a%2Fb"), ("/b/a+b", "/b/a%20b")):
        assert refusal(changed(s3(signed), raw_path=sent), b"data").kind is Refusal.MISMATCH
    assert refusal(changed(s3("/b/a%20b"), raw_path="/b/a+b"), b"data").kind is Refusal.MISMATCH
    assert refusal(changed(s3("/b/x/../y"), raw_path="/b/y"), b"data").kind is Refusal.MISMATCH


def test_another_spelling_of_the_same_path_is_the_same():
    assert check(changed(s3("/b/a%3Ab%28"), raw_path="/b/a:b("), b"data").identity
    request = sign(path="/things/arn%3Aaws%3Ax", service="lex")
    assert check(changed(request, raw_path="/things/arn:aws:x")).identity


@pytest.mark.parametrize("signer", [SigV4Auth, SigV4QueryAuth])
@pytest.mark.parametrize(
    "path", ["/bot/a%20b/utterances", "/2015-03-31/functions/arn%3Aaws%3Alambda/x", "//a//b/", "/a/../b/./c"]
)
def test_other_services_normalise_the_path_and_encode_it_twice(path, signer):
    body = b"" if signer is SigV4QueryAuth else BODY
    request = sign(signer, "GET", path, service="lex", body=body)
    assert check(request, body, service="lex").identity
    assert refusal(changed(request, raw_path="/x" + path), body).kind is Refusal.MISMATCH


@pytest.mark.parametrize(
    "query",
    [
        "b=2&a=1",
        "a=2&a=1&a=10",
        "a-b=1&a=2&a.=3&A=4",
        "empty=&acl",
        "uploads",
        "prefix=a%20b%2Bc%2F%E3%81%82&delimiter=%2F",
        "x==&y=a=b",
    ],
)
def test_queries_are_sorted_and_each_change_is_refused(query):
    for request, body in (
        (s3(query=query), b"data"),
        (sign(query=query), BODY),
        (sign(S3SigV4QueryAuth, "GET", "/b", query, service="s3", body=b""), b""),
    ):
        assert check(request, body).identity
        reordered = "&".join(reversed(request.query.split("&")))
        assert check(changed(request, query=reordered), body).identity
        for other in (request.query + "&z=1", request.query + "&a=1", request.query.replace("a", "e", 1)):
            if other != request.query:
                assert refusal(changed(request, query=other), body).kind is Refusal.MISMATCH
        assert refusal(changed(request, query="&".join(request.query.split("&")[1:])), body)


def test_a_space_in_a_query_may_be_sent_as_a_plus_but_not_a_plus_as_a_space():
    assert check(changed(s3(query="prefix=a%20b"), query="prefix=a+b"), b"data").identity
    assert refusal(changed(s3(query="prefix=a%2Bb"), query="prefix=a+b"), b"data").kind is Refusal.MISMATCH


def test_parameters_as_botocore_sends_them():
    request = AWSRequest("GET", f"http://{HOST}/b", params={"prefix": "ü +/~", "list-type": "2", "x": ""})
    S3SigV4Auth(Credentials(KEY, SECRET), "s3", "us-east-1").add_auth(request)
    prepared = request.prepare()
    split = urlsplit(prepared.url)
    headers = {"host": HOST} | {name.lower(): value for name, value in request.headers.items()}
    assert check(SignedRequest("GET", split.path, split.query, headers), b"").identity


def test_another_method_is_refused():
    for method in ("GET", "PUT", "post"):
        assert refusal(changed(sign(), method=method)).kind is Refusal.MISMATCH


def test_each_signed_header_changed_or_left_out_is_refused():
    own = {"X-Amz-Target": "A.B", "Content-Type": "application/json", "X-Custom": "1"}
    request = sign(headers=own, token=TOKEN)
    signed = request.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert {"host", "x-amz-target", "content-type", "x-custom", "x-amz-security-token"} <= set(signed)
    for name in signed:
        if name != "x-amz-date":
            assert refusal(changed(request, headers={name: request.headers[name] + "1"}))
            assert refusal(changed(request, headers={name: None}))
    date = request.headers["x-amz-date"]
    later = date[:-3] + f"{(int(date[-3:-1]) + 1) % 60:02}Z"
    assert refusal(changed(request, headers={"x-amz-date": later})).kind is Refusal.MISMATCH


def test_unsigned_headers_may_be_added_by_those_on_the_way():
    added = {"user-agent": "x", "x-forwarded-for": "1.2.3.4", "content-length": "39", "accept": "*/*"}
    assert check(changed(sign(), headers=added)).identity


def test_headers_of_ours_must_be_signed():
    error = refusal(changed(s3(), headers={"x-amz-acl": "public-read"}), b"data")
    assert error.kind is Refusal.UNSIGNED_HEADER
    said = wording(error, "s3")
    assert (said.code, said.status) == ("AccessDenied", 403)
    error = refusal(changed(sign(), headers={"x-amz-target": "Comprehend_20171127.DeleteEndpoint"}))
    assert error.kind is Refusal.UNSIGNED_HEADER
    request = sign()
    no_host = request.headers["authorization"].replace("SignedHeaders=host;", "SignedHeaders=")
    error = refusal(changed(request, headers={"authorization": no_host}))
    assert "'Host'" in wording(error, "json").message


class AuthoritySigner(SigV4Auth):
    """Signs as aws-sdk-js does over HTTP/2."""

    def headers_to_sign(self, request):
        headers = super().headers_to_sign(request)
        host = headers["host"]
        del headers["host"]
        headers[":authority"] = host
        return headers


def test_over_http_2_the_authority_may_be_signed_for_the_host():
    request = sign(AuthoritySigner)
    assert "SignedHeaders=:authority;" in request.headers["authorization"]
    assert check(request).identity
    assert refusal(changed(request, headers={"host": "elsewhere.example"})).kind is Refusal.MISMATCH


def test_values_are_trimmed_and_non_ascii_bytes_kept():
    value = "  à  la \t carte ".encode().decode("latin-1")
    request = s3(headers={"x-amz-meta-a": "à la carte"})
    assert check(changed(request, headers={"x-amz-meta-a": value}), b"data").identity
    assert refusal(changed(request, headers={"x-amz-meta-a": "a la carte"}), b"data")


def test_repeated_headers_are_joined():
    pairs = [(b"Host", b"h"), (b"X-A", b"1"), (b"x-a", b"2")]
    assert join_headers(pairs) == {"host": "h", "x-a": "1,2"}


def test_the_signature_and_scope_are_compared_in_full():
    request = sign()
    authorization = request.headers["authorization"]
    signature = authorization[-64:]
    for other in (signature[:-1], signature + "0", signature.upper(), "0" * 64, "é" * 64, signature[::-1]):
        headers = {"authorization": authorization[:-64] + other}
        assert refusal(changed(request, headers=headers)).kind is Refusal.MISMATCH
    for old, new in (("us-east-1", "eu-west-1"), ("/comprehend/", "/translate/")):
        assert refusal(changed(request, headers={"authorization": authorization.replace(old, new)}))


def test_another_service_in_the_scope_is_refused():
    error = refusal(sign(service="translate"), service="comprehend")
    assert wording(error, "json").message == "Credential should be scoped to correct service: 'comprehend'. "
    assert wording(error, "json").code == "InvalidSignatureException"
    assert wording(error, "s3").code == "AuthorizationHeaderMalformed"


def test_session_tokens_go_to_the_lookup():
    assert check(sign(token=TOKEN)).identity.endswith(f"token {TOKEN}")
    query = sign(SigV4QueryAuth, "GET", body=b"", token=TOKEN)
    assert check(query, b"").identity.endswith(f"token {TOKEN}")
    assert refusal(sign(token="another")).kind is Refusal.INVALID_TOKEN


def test_the_payload_rule_says_how_the_body_is_checked():
    for form in PayloadForm:
        if form is PayloadForm.HASH:
            continue
        request = AWSRequest("PUT", f"http://{HOST}/b/k", data=b"data")
        signer = S3SigV4Auth(Credentials(KEY, SECRET), "s3", "us-east-1")
        signer.payload = lambda _, form=form: form.value
        signer.add_auth(request)
        assert check(received(request), None).payload.form is form


def test_a_named_hash_is_left_to_the_caller_where_the_body_streams():
    rule = check(s3(), None).payload
    assert (rule.form, rule.sha256) == (PayloadForm.HASH, hashlib.sha256(b"data").hexdigest())
    check_payload(rule, lambda: hashlib.sha256(b"data").hexdigest())
    with pytest.raises(SignatureError) as caught:
        check_payload(rule, lambda: hashlib.sha256(b"other").hexdigest())
    assert wording(caught.value, "s3").code == "XAmzContentSHA256Mismatch"
    assert refusal(s3(), b"other").kind is Refusal.PAYLOAD


def test_a_hash_that_means_nothing_or_is_missing_is_refused():
    error = refusal(changed(s3(), headers={"x-amz-content-sha256": "abc"}), b"data")
    assert (wording(error, "s3").code, wording(error, "s3").status) == ("InvalidArgument", 400)
    error = refusal(changed(s3(), headers={"x-amz-content-sha256": None}), b"data")
    assert "Missing required header" in wording(error, "s3").message
    assert refusal(sign(), None).kind is Refusal.PAYLOAD_RULE


@given(
    part=st.sampled_from(["method", "raw_path", "query", "header", "body"]),
    place=st.integers(0, 10_000),
    data=st.data(),
)
def test_one_changed_letter_anywhere_is_refused(part, place, data):
    request, body = s3("/bucket/some%20key", "uploadId=abc&partNumber=1", headers={"X-Amz-Meta-A": "one two"}), b"data"
    name = data.draw(st.sampled_from(["host", "x-amz-meta-a", "x-amz-date", "x-amz-content-sha256", "authorization"]))
    texts = {"header": request.headers[name], "body": body.decode()}
    text = texts.get(part) or getattr(request, part)
    place %= len(text)
    new = text[:place] + ("q" if text[place] != "q" else "z") + text[place + 1 :]
    if part == "body":
        assert refusal(request, new.encode()).kind is Refusal.PAYLOAD
    else:
        assert refusal(changed(request, **({"headers": {name: new}} if part == "header" else {part: new})), body)
