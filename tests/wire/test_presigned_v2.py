"""Version 2 signatures for S3: botocore signs, we verify; then each part is changed and must be refused."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import HmacV1Auth, HmacV1QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.presigned_v2 import is_signed_v2, verify_v2
from honmono.wire.signature import PayloadForm, Refusal, Secret, SignatureError, SignedRequest, wording

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")

KEY, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "a/token+of=="


def lookup(access_key, token):
    if access_key != KEY:
        return None
    if token not in (None, TOKEN):
        raise SignatureError(Refusal.INVALID_TOKEN)
    return Secret(SECRET, ("identity", token))


def check(request, now=None, **options):
    return verify_v2(request, lookup, now=now or datetime.now(UTC), **options)


def refusal(request, now=None, **options):
    with pytest.raises(SignatureError) as caught:
        check(request, now, **options)
    return caught.value


def from_url(url, method="GET", **headers):
    split = urlsplit(url)
    received = {"host": split.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
    return SignedRequest(method, split.path, split.query, received)


def client(style="path", token=None, endpoint="http://127.0.0.1:4566"):
    return boto3.client(
        "s3",
        "us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        aws_session_token=token,
        config=Config(signature_version="s3", s3={"addressing_style": style}),
    )


def presign(operation="get_object", params=None, expires=60, **options):
    params = {"Bucket": "bucket", "Key": "a key/with ünicode+plus%25"} if params is None else params
    return client(**options).generate_presigned_url(operation, Params=params, ExpiresIn=expires)


def test_the_url_that_boto3_presigns_on_a_custom_endpoint_is_let_in():
    plain = boto3.client(
        "s3",
        "us-east-1",
        endpoint_url="http://127.0.0.1:4566",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    request = from_url(plain.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}))
    assert is_signed_v2(request)
    verified = check(request)
    assert (verified.identity, verified.access_key, verified.presigned) == (("identity", None), KEY, True)
    assert verified.payload.form is PayloadForm.UNSIGNED


def test_virtual_host_style_signs_the_bucket_too():
    request = from_url(presign(style="virtual", endpoint="http://s3.localhost:4566"))
    assert request.headers["host"].startswith("bucket.")
    assert check(request, virtual_bucket="bucket").access_key == KEY
    assert refusal(request).kind is Refusal.MISMATCH
    assert refusal(request, virtual_bucket="other").kind is Refusal.MISMATCH


def test_session_token_sub_resources_and_overrides_are_signed():
    params = {
        "Bucket": "bucket",
        "Key": "key",
        "VersionId": "v 1",
        "ResponseContentType": "text/plain; charset=utf-8",
        "ResponseContentDisposition": 'attachment; filename="ü.txt"',
    }
    request = from_url(presign(params=params, token=TOKEN))
    assert check(request).identity == ("identity", TOKEN)
    for old, new in (("v%201", "v2"), ("text%2Fplain", "text%2Fhtml"), ("versionId=", "versionid=")):
        assert old in request.query
        changed = SignedRequest("GET", request.raw_path, request.query.replace(old, new), request.headers)
        assert refusal(changed).kind is Refusal.MISMATCH
    added = SignedRequest("GET", request.raw_path, request.query + "&acl", request.headers)
    assert refusal(added).kind is Refusal.MISMATCH
    no_token = request.query.replace("x-amz-security-token", "x-amz-no-token")
    assert refusal(SignedRequest("GET", request.raw_path, no_token, request.headers)).kind is Refusal.MISMATCH


def test_put_with_headers_that_botocore_moves_into_the_url():
    params = {"Bucket": "bucket", "Key": "key", "ContentType": "image/png", "ACL": "private"}
    request = from_url(presign("put_object", params), "PUT", content_type="image/png")
    assert check(request).access_key == KEY
    other_type = from_url(presign("put_object", params), "PUT", content_type="text/html")
    assert refusal(other_type).kind is Refusal.MISMATCH
    acl = from_url(presign("put_object", params), "PUT", content_type="image/png", x_amz_acl="public-read")
    assert refusal(acl).kind is Refusal.MISMATCH


def test_each_changed_part_is_refused():
    request = from_url(presign())
    expires = dict(pair.split("=") for pair in request.query.split("&"))["Expires"]
    changes = [
        SignedRequest("PUT", request.raw_path, request.query, request.headers),
        SignedRequest("GET", request.raw_path + "x", request.query, request.headers),
        SignedRequest("GET", request.raw_path.replace("bucket", "bucke7"), request.query, request.headers),
        SignedRequest("GET", request.raw_path, request.query.replace(expires, "9999999999"), request.headers),
        SignedRequest("GET", request.raw_path, request.query, {**request.headers, "x-amz-new": "1"}),
        SignedRequest("GET", request.raw_path, request.query, {**request.headers, "content-type": "a/b"}),
        SignedRequest("GET", request.raw_path, request.query.replace("Signature=", "Signature=A"), {}),
    ]
    assert check(request).access_key == KEY
    for changed in changes:
        assert refusal(changed).kind is Refusal.MISMATCH
    unknown = request.query.replace(KEY, "AKIDOTHER")
    assert refusal(SignedRequest("GET", request.raw_path, unknown, {})).kind is Refusal.UNKNOWN_KEY


def test_an_expired_url_is_refused_in_s3s_words():
    request = from_url(presign(expires=60))
    error = refusal(request, now=datetime.now(UTC) + timedelta(seconds=62))
    said = wording(error, "s3")
    assert (said.code, said.status, said.message) == ("AccessDenied", 403, "Request has expired")
    bad = SignedRequest("GET", "/b/k", "AWSAccessKeyId=A&Expires=soon&Signature=x", {})
    assert wording(refusal(bad), "s3").message == "Invalid date (should be seconds since epoch): soon"
    lacking = SignedRequest("GET", "/b/k", "AWSAccessKeyId=A&Signature=x", {})
    assert wording(refusal(lacking), "s3").code == "AccessDenied"


def header_signed(method="PUT", url="http://localhost/bucket/key?acl", token=None, **headers):
    request = AWSRequest(method, url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    request.auth_path = None
    HmacV1Auth(Credentials(KEY, SECRET, token)).add_auth(request)
    split = urlsplit(url)
    received = {"host": "localhost"} | {name.lower(): value for name, value in request.headers.items()}
    return SignedRequest(method, split.path, split.query, received)


def test_the_header_form_is_let_in_and_its_changes_are_refused():
    request = header_signed(token=TOKEN, Content_Type="text/plain", X_Amz_Meta_Name="a, b")
    assert is_signed_v2(request)
    verified = check(request)
    assert (verified.identity, verified.presigned) == (("identity", TOKEN), False)
    for name, value in (("content-type", "a/b"), ("x-amz-meta-name", "c"), ("x-amz-acl", "public-read")):
        changed = SignedRequest("PUT", request.raw_path, request.query, {**request.headers, name: value})
        assert refusal(changed).kind is Refusal.MISMATCH
    no_acl = SignedRequest("PUT", request.raw_path, "", request.headers)
    assert refusal(no_acl).kind is Refusal.MISMATCH


def test_the_header_form_needs_a_date_close_to_now():
    request = header_signed()
    assert refusal(request, now=datetime.now(UTC) + timedelta(minutes=16)).kind is Refusal.SKEWED
    headers = {**request.headers, "date": format_datetime(datetime.now(UTC) + timedelta(seconds=5))}
    assert refusal(SignedRequest("PUT", "/bucket/key", "acl", headers)).kind is Refusal.MISMATCH
    for date in (None, "yesterday"):
        headers = {**request.headers, "date": date or ""}
        error = refusal(SignedRequest("PUT", "/bucket/key", "acl", headers))
        assert (wording(error, "s3").code, wording(error, "s3").status) == ("AccessDenied", 403)


def test_two_mechanisms_at_once_are_refused():
    request = header_signed()
    both = SignedRequest("PUT", "/bucket/key", "Signature=abc", request.headers)
    assert refusal(both).kind is Refusal.AMBIGUOUS


def test_a_credential_without_a_colon_is_refused():
    error = refusal(SignedRequest("GET", "/", "", {"authorization": "AWS nothing"}))
    assert wording(error, "s3").code == "InvalidArgument"


def test_unsigned_and_version_4_requests_are_told_apart():
    assert not is_signed_v2(SignedRequest("GET", "/", "prefix=AWSAccessKeyId%3D", {}))
    assert not is_signed_v2(SignedRequest("GET", "/", "", {"authorization": "AWS4-HMAC-SHA256 x"}))


@given(
    path=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=20),
    query=st.lists(st.sampled_from(["AWSAccessKeyId=A", "Expires=1", "Expires=99999999999", "Signature=é", "a", "="])),
    authorization=st.one_of(st.none(), st.text(max_size=30), st.text(max_size=20).map("AWS ".__add__)),
    date=st.text(max_size=30),
)
def test_noise_never_raises_anything_but_the_typed_error(path, query, authorization, date):
    headers = {"date": date} | ({} if authorization is None else {"authorization": authorization})
    with pytest.raises(SignatureError) as caught:
        check(SignedRequest("GET", path, "&".join(query), headers))
    assert wording(caught.value, "s3").message


def test_query_signer_with_sub_resources_by_botocore():
    request = AWSRequest("GET", "http://localhost/bucket/key?uploadId=a%2Fb&partNumber=2&prefix=x", headers={})
    request.auth_path = None
    HmacV1QueryAuth(Credentials(KEY, SECRET), expires=60).add_auth(request)
    assert check(from_url(request.url)).access_key == KEY
