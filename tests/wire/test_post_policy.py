"""POST forms: boto3 makes them, we verify them; every kind of condition, and every way to break one."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.post_policy import PostPolicyError, object_key, verify_post
from honmono.wire.signature import Refusal, Secret, SignatureError, wording

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")

KEY, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "a/token+of=="


def lookup(access_key, token):
    return Secret(SECRET, f"{access_key} {token}") if access_key == KEY else None


def form(key="user/${filename}", fields=None, conditions=None, version="s3v4", token=None, expires=60):
    client = boto3.client(
        "s3",
        "us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        aws_session_token=token,
        config=Config(signature_version=version),
    )
    return client.generate_presigned_post("bucket", key, fields, conditions, expires)["fields"]


def own_form(document, **fields):
    """A version 2 form around any policy document."""
    text = document if isinstance(document, str) else json.dumps(document)
    policy = base64.b64encode(text.encode()).decode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), policy.encode(), hashlib.sha1).digest()).decode()
    return {"key": "k", "AWSAccessKeyId": KEY, "policy": policy, "signature": signature, **fields}


def document(*conditions, expiration="2999-12-01T12:00:00.000Z"):
    return {"expiration": expiration, "conditions": [{"bucket": "bucket"}, {"key": "k"}, *conditions]}


def check(fields, now=None, bucket="bucket", filename="photo.jpg"):
    return verify_post(fields, lookup, now=now or datetime.now(UTC), bucket=bucket, filename=filename)


def denial(fields, **options):
    with pytest.raises(PostPolicyError) as caught:
        check(fields, **options)
    return caught.value


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize("token", [None, TOKEN])
def test_the_form_that_boto3_makes_is_let_in(version, token):
    fields = form(
        fields={"acl": "private", "Content-Type": "image/png"},
        conditions=[
            {"acl": "private"},
            ["starts-with", "$Content-Type", "image/"],
            ["content-length-range", 2, 9],
        ],
        version=version,
        token=token,
    )
    verified = check(fields)
    assert (verified.identity, verified.access_key) == (f"{KEY} {token}", KEY)
    assert (verified.min_length, verified.max_length) == (2, 9)
    assert object_key(fields, "photo.jpg") == "user/photo.jpg"


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_changed_policy_signature_or_key_is_refused(version):
    fields = form(version=version)
    signature = "x-amz-signature" if version == "s3v4" else "signature"
    policy = json.loads(base64.b64decode(fields["policy"]))
    policy["conditions"] = []
    forged = base64.b64encode(json.dumps(policy).encode()).decode()
    for name, value in (("policy", forged), (signature, "A" + fields[signature][1:]), (signature, "é")):
        with pytest.raises(SignatureError) as caught:
            check({**fields, name: value})
        assert wording(caught.value, "s3").code == "SignatureDoesNotMatch"
    named = "x-amz-credential" if version == "s3v4" else "AWSAccessKeyId"
    with pytest.raises(SignatureError) as caught:
        check({**fields, named: fields[named].replace(KEY, "AKIDOTHER")})
    assert wording(caught.value, "s3").code == "InvalidAccessKeyId"


def test_a_form_without_a_policy_is_anonymous():
    with pytest.raises(SignatureError) as caught:
        check({"key": "k"})
    assert caught.value.kind is Refusal.MISSING


def test_an_expired_policy_is_refused():
    error = denial(form(expires=60), now=datetime.now(UTC) + timedelta(seconds=62))
    assert (error.code, error.status) == ("AccessDenied", 403)
    assert error.message == "Invalid according to Policy: Policy expired."


def test_another_bucket_or_key_or_field_is_refused():
    fields = form(fields={"acl": "private"}, conditions=[{"acl": "private"}])
    assert check(fields).access_key == KEY
    for changed, options, said in (
        (fields, {"bucket": "other"}, '["eq", "$bucket", "bucket"]'),
        ({**fields, "key": "elsewhere/x"}, {}, '["starts-with", "$key", "user/"]'),
        ({**fields, "acl": "public-read"}, {}, '["eq", "$acl", "private"]'),
        ({**fields, "x-amz-meta-new": "1"}, {}, "Extra input fields: x-amz-meta-new"),
        ({k: v for k, v in fields.items() if k != "acl"}, {}, '["eq", "$acl", "private"]'),
    ):
        error = denial(changed, **options)
        assert (error.code, error.status) == ("AccessDenied", 403)
        assert said in error.message


def test_every_field_must_be_covered_but_those_that_s3_ignores():
    policy = document(["starts-with", "$x-amz-meta-tag", ""])
    assert check(own_form(policy, **{"x-amz-meta-tag": "any", "x-ignore-me": "1"})).access_key == KEY
    assert "Policy Condition failed" in denial(own_form(policy)).message
    uncovered_bucket = {"expiration": "2999-12-01T12:00:00Z", "conditions": [{"key": "k"}]}
    assert denial(own_form(uncovered_bucket)).message.endswith("Extra input fields: bucket")


def test_names_of_fields_and_operations_have_no_case():
    policy = {
        "expiration": "2999-12-01T12:00:00Z",
        "conditions": [
            {"bUcKeT": "bucket"},
            ["StArTs-WiTh", "$KeY", "f"],
            ["Eq", "$ConTent-TyPe", "text/plain"],
            ["conTent-LengTh-rAnge", "0", 1024],
        ],
    }
    fields = own_form(policy, **{"ContENt-Type": "text/plain"})
    fields["kEy"] = "foo"
    del fields["key"]
    assert check(fields).max_length == 1024


def test_a_list_of_content_types_must_begin_alike():
    policy = document(["starts-with", "$content-type", "image/"])
    assert check(own_form(policy, **{"content-type": "image/png,image/jpeg"})).access_key == KEY
    assert "content-type" in denial(own_form(policy, **{"content-type": "image/png,text/html"})).message


def test_the_files_name_takes_its_place_before_conditions_are_looked_at():
    policy = document(["starts-with", "$x-amz-meta-name", "photo"])
    fields = own_form(policy, **{"x-amz-meta-name": "${filename}"})
    assert check(fields, filename="photo.jpg").access_key == KEY
    assert "x-amz-meta-name" in denial(fields, filename="other.jpg").message
    assert object_key({"KEY": "a/${filename}/${filename}"}, "ü.txt") == "a/ü.txt/ü.txt"
    with pytest.raises(PostPolicyError, match="field named 'key'"):
        object_key({}, "x")


def test_the_length_is_held_against_all_ranges():
    verified = check(own_form(document(["content-length-range", 0, 100], ["content-length-range", 5, 200])))
    verified.check_length(5)
    verified.check_length(100)
    for length, code in ((4, "EntityTooSmall"), (101, "EntityTooLarge")):
        with pytest.raises(PostPolicyError) as caught:
            verified.check_length(length)
        assert (caught.value.code, caught.value.status) == (code, 400)
    unlimited = check(own_form(document()))
    unlimited.check_length(10**12)


@pytest.mark.parametrize(
    "policy",
    [
        "no json",
        "[]",
        "\ufeff{}",
        "[" * 100_000,
        {"conditions": []},
        {"expiration": "2999-12-01T12:00:00Z"},
        {"EXPIRATION": "2999-12-01T12:00:00Z", "conditions": []},
        {"expiration": "2999-12-01T12:00:00Z", "CONDITIONS": []},
        {"expiration": "2999-13-01T12:00:00Z", "conditions": []},
        {"expiration": "2999-12-01", "conditions": []},
        {"expiration": 5, "conditions": []},
        {"expiration": "2999-12-01T12:00:00Z", "conditions": {}},
        document({}),
        document({"a": "1", "b": "2"}),
        document({"a": 1}),
        document([]),
        document("eq"),
        document(["like", "$a", "b"]),
        document(["eq", "$a"]),
        document(["eq", "a", "b"]),
        document(["eq", "$a", 5]),
        document(["content-length-range", 0]),
        document(["content-length-range", -1, 5]),
        document(["content-length-range", 0, "many"]),
        document(["content-length-range", 0, True]),
        document(["content-length-range", 0, 5.5]),
    ],
)
def test_a_malformed_policy_is_refused_in_s3s_words(policy):
    error = denial(own_form(policy))
    assert (error.code, error.status) == ("InvalidPolicyDocument", 400)
    assert error.message.startswith("Invalid Policy: ")


@pytest.mark.parametrize("missing", ["x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-algorithm"])
def test_a_field_of_the_signature_that_is_missing_is_named(missing):
    error = denial({name: value for name, value in form().items() if name != missing})
    assert (error.code, error.status) == ("InvalidArgument", 400)
    assert f"'{missing}'" in error.message


def test_malformed_credentials_are_refused():
    fields = form()
    for credential in ("a/b", fields["x-amz-credential"].replace("aws4_request", "aws3_request")):
        with pytest.raises(SignatureError) as caught:
            check({**fields, "x-amz-credential": credential})
        assert wording(caught.value, "s3").code == "AuthorizationQueryParametersError"
    with pytest.raises(SignatureError) as caught:
        check({**fields, "x-amz-date": "20010101T000000Z"})
    assert caught.value.kind is Refusal.SCOPE
    assert denial({**fields, "x-amz-algorithm": "AWS4-OTHER"}).code == "InvalidArgument"


noise = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just("eq"), st.just("$key")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["key", "bucket", "x"]), inner)
    ),
    max_leaves=10,
)


@given(conditions=noise, fields=st.dictionaries(st.text(max_size=10), st.text(st.characters(), max_size=10)))
def test_noise_never_raises_anything_but_typed_errors(conditions, fields):
    policy = {"expiration": "2999-12-01T12:00:00Z", "conditions": conditions}
    try:
        check({**own_form(policy), **fields})
    except PostPolicyError as error:
        assert error.message
    except SignatureError as error:
        assert wording(error, "s3").message
