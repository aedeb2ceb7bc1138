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

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")

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


# ---- AWS's published examples

SUITE_TIME = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SUITE = {
    "get-vanilla": (
        "GET",
        "/",
        "",
        "host;x-amz-date",
        {},
        b"",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-relative": (
        "GET",
        "/example/..",
        "",
        "host;x-amz-date",
        {},
        b"",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-slashes": (
        "GET",
        "//",
        "",
        "host;x-amz-date",
        {},
        b"",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-vanilla-query-order-key-case": (
        "GET",
        "/",
        "Param2=value2&Param1=value1",
        "host;x-amz-date",
        {},
        b"",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "get-vanilla-empty-query-key": (
        "GET",
        "/",
        "Param1=value1",
        "host;x-amz-date",
        {},
        b"",
        "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    ),
    "get-utf8": (
        "GET",
        "/ሴ".encode().decode("latin-1"),
        "",
        "host;x-amz-date",
        {},
        b"",
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    ),
    "get-unreserved": (
        "GET",
        "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "",
        "host;x-amz-date",
        {},
        b"",
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    ),
    "get-space": (
        "GET",
        "/example space/",
        "",
        "host;x-amz-date",
        {},
        b"",
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    ),
    "get-header-value-trim": (
        "GET",
        "/",
        "",
        "host;my-header1;my-header2;x-amz-date",
        {"my-header1": " value1", "my-header2": ' "a   b   c"'},
        b"",
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    ),
    "get-header-key-duplicate": (
        "GET",
        "/",
        "",
        "host;my-header1;x-amz-date",
        {"my-header1": "value2,value2,value1"},
        b"",
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ),
    "post-vanilla": (
        "POST",
        "/",
        "",
        "host;x-amz-date",
        {},
        b"",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ),
    "post-x-www-form-urlencoded": (
        "POST",
        "/",
        "",
        "content-type;host;x-amz-date",
        {"content-type": "application/x-www-form-urlencoded"},
        b"Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
}


@pytest.mark.parametrize("name", SUITE)
def test_aws_sigv4_test_suite(name):
    method, path, query, signed, extra, body, signature = SUITE[name]
    headers = {
        "host": "example.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
        "authorization": f"AWS4-HMAC-SHA256 Credential={KEY}/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={signed}, Signature={signature}",
        **extra,
    }
    request = SignedRequest(method, path, query, headers)
    assert check(request, body, SUITE_TIME).scope.service == "service"
    assert refusal(request, body + b"x", SUITE_TIME).kind is Refusal.MISMATCH


S3_TIME = datetime(2013, 5, 24, tzinfo=UTC)
S3_KEY, S3_SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EMPTY = hashlib.sha256(b"").hexdigest()
# "Examples: Signature Calculations" in the Amazon S3 API reference.
S3_EXAMPLES = {
    "get-object": (
        "GET",
        "/test.txt",
        "",
        {"range": "bytes=0-9", "x-amz-content-sha256": EMPTY},
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "put-object": (
        "PUT",
        "/test%24file.text",
        "",
        {
            "date": "Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
            "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        },
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    "get-lifecycle": (
        "GET",
        "/",
        "lifecycle",
        {"x-amz-content-sha256": EMPTY},
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    "list-objects": (
        "GET",
        "/",
        "max-keys=2&prefix=J",
        {"x-amz-content-sha256": EMPTY},
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
}


@pytest.mark.parametrize("name", S3_EXAMPLES)
def test_s3_published_examples(name):
    method, path, query, extra, signature = S3_EXAMPLES[name]
    headers = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z", **extra}
    signed = ";".join(sorted(headers))
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={S3_KEY}/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={signed},Signature={signature}"
    )
    verified = verify(
        SignedRequest(method, path, query, headers), lambda *_: Secret(S3_SECRET, 1), now=S3_TIME
    )
    assert verified.payload.sha256 == extra["x-amz-content-sha256"]


def test_s3_published_presigned_example():
    query = (
        "X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )
    request = SignedRequest("GET", "/test.txt", query, {"host": "examplebucket.s3.amazonaws.com"})
    verified = verify(request, lambda *_: Secret(S3_SECRET, 1), now=S3_TIME)
    assert (verified.presigned, verified.payload.form) == (True, PayloadForm.UNSIGNED)


# ---- paths and queries


def s3(path="/bucket/key", query="", body=b"data", method="PUT", **options):
    return sign(S3SigV4Auth, method, path, query, body=body, service="s3", **options)


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


# ---- methods, headers, scope


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


# ---- time


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


# ---- payloads


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


# ---- what is no signature at all


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
    assert [
        (wording(unknown, f).code, wording(mismatch, f).code) for f in ("s3", "json", "query", "ec2")
    ] == [
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


# ---- routing


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
