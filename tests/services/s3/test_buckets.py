"""Buckets and their configurations; who may reach them; what browsers send."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests
from botocore.exceptions import ClientError

from .conftest import code_of


def test_names(s3):
    for name in ("Ab", "a_b", "a..b", "1.2.3.4", "xn--a", "ab-s3alias", "x" * 64):
        with pytest.raises(ClientError) as failure:
            s3.create_bucket(Bucket=name) if len(name) > 2 else s3.create_bucket(Bucket=name + "-")
        assert code_of(failure) == "InvalidBucketName", name


def test_a_bucket_lives_in_its_region(server, s3):
    tokyo = server.client("s3", region_name="ap-northeast-1")
    with pytest.raises(ClientError) as failure:
        tokyo.create_bucket(Bucket="in-tokyo")
    assert code_of(failure) == "IllegalLocationConstraintException"
    tokyo.create_bucket(Bucket="in-tokyo", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    assert s3.get_bucket_location(Bucket="in-tokyo")["LocationConstraint"] == "ap-northeast-1"
    with pytest.raises(ClientError) as failure:
        tokyo.create_bucket(Bucket="in-tokyo", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    assert code_of(failure) == "BucketAlreadyOwnedByYou"


def test_accounts_are_apart(server, s3, bucket):
    other = server.client("s3", aws_access_key_id="FOOBARKEY", aws_secret_access_key="FOOBARSECRET")
    with pytest.raises(ClientError) as failure:
        other.create_bucket(Bucket=bucket)
    assert code_of(failure) == "BucketAlreadyExists"
    with pytest.raises(ClientError) as failure:
        other.list_objects_v2(Bucket=bucket)
    assert code_of(failure) == "AccessDenied"
    assert bucket not in [found["Name"] for found in other.list_buckets()["Buckets"]]
    assert bucket in [found["Name"] for found in s3.list_buckets()["Buckets"]]


def test_only_an_empty_bucket_is_deleted(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    with pytest.raises(ClientError) as failure:
        s3.delete_bucket(Bucket=bucket)
    assert code_of(failure) == "BucketNotEmpty"
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)
    with pytest.raises(ClientError) as failure:
        s3.head_bucket(Bucket=bucket)
    assert code_of(failure) == "404"


CONFIGURATIONS = {
    "cors": {
        "CORSConfiguration": {
            "CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://a.example"], "MaxAgeSeconds": 5}]
        }
    },
    "lifecycle_configuration": {
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "ID": "r",
                    "Filter": {"Prefix": "x/"},
                    "Status": "Enabled",
                    "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)},
                }
            ]
        }
    },
    "website": {
        "WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "e.html"}}
    },
    "encryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
                    "BucketKeyEnabled": True,
                }
            ]
        }
    },
    "tagging": {"Tagging": {"TagSet": [{"Key": "a", "Value": "1"}]}},
    "ownership_controls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}},
    "notification_configuration": {
        "NotificationConfiguration": {
            "QueueConfigurations": [
                {"Id": "q", "QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "Events": ["s3:ObjectCreated:*"]}
            ]
        }
    },
    "request_payment": {"RequestPaymentConfiguration": {"Payer": "Requester"}},
    "accelerate_configuration": {"AccelerateConfiguration": {"Status": "Enabled"}},
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_configuration_comes_back_as_it_was_given(s3, bucket, name):
    ((member, document),) = CONFIGURATIONS[name].items()
    getattr(s3, f"put_bucket_{name}")(Bucket=bucket, **{member: document})
    told = getattr(s3, f"get_bucket_{name}")(Bucket=bucket)
    told = told.get(member, told)
    assert {key: told[key] for key in document} == document


def test_malformed_documents_are_refused(s3, bucket, server):
    with pytest.raises(ClientError) as failure:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Sometimes"})
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    rule = {"ID": "r", "Filter": {"Prefix": "x"}, "Prefix": "y", "Status": "Enabled", "Expiration": {"Days": 1}}
    with pytest.raises(ClientError) as failure:
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    assert code_of(failure) == "MalformedXML"
    with pytest.raises(ClientError) as failure:
        s3.put_bucket_policy(Bucket=bucket, Policy="{}")
    assert code_of(failure) == "MalformedPolicy"


def test_access_lists_open_objects_to_everybody(s3, anonymous, bucket):
    s3.put_object(Bucket=bucket, Key="private", Body=b"1")
    s3.put_object(Bucket=bucket, Key="public", Body=b"2", ACL="public-read")
    assert anonymous.get_object(Bucket=bucket, Key="public")["Body"].read() == b"2"
    for call in (
        lambda: anonymous.get_object(Bucket=bucket, Key="private"),
        lambda: anonymous.get_object(Bucket=bucket, Key="missing"),
        lambda: anonymous.list_objects_v2(Bucket=bucket),
        lambda: anonymous.put_object(Bucket=bucket, Key="k", Body=b""),
        lambda: anonymous.delete_object(Bucket=bucket, Key="public"),
        lambda: anonymous.list_buckets(),
    ):
        with pytest.raises(ClientError) as failure:
            call()
        assert code_of(failure) == "AccessDenied"
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    with pytest.raises(ClientError) as failure:
        anonymous.get_object(Bucket=bucket, Key="public")
    assert code_of(failure) == "AccessDenied"


def test_policies_allow_and_deny(s3, anonymous, bucket):
    s3.put_object(Bucket=bucket, Key="open/a", Body=b"1")
    s3.put_object(Bucket=bucket, Key="shut/a", Body=b"2")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": f"arn:aws:s3:::{bucket}/*"}
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/shut/*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [everybody, nobody]})
    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == text
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True
    assert anonymous.get_object(Bucket=bucket, Key="open/a")["Body"].read() == b"1"
    for client in (anonymous, s3):
        with pytest.raises(ClientError) as failure:
            client.get_object(Bucket=bucket, Key="shut/a")
        assert code_of(failure) == "AccessDenied"


def test_tags_of_objects(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"", Tagging="a=1&b=2")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "2"},
    ]
    many = [{"Key": str(number), "Value": ""} for number in range(11)]
    with pytest.raises(ClientError) as failure:
        s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": many})
    assert code_of(failure) == "BadRequest"
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []


def test_locked_versions_stay(s3):
    s3.create_bucket(Bucket="with-a-lock", ObjectLockEnabledForBucket=True)
    until = datetime.now(UTC) + timedelta(days=1)
    version = s3.put_object(
        Bucket="with-a-lock", Key="k", Body=b"", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until
    )["VersionId"]
    s3.delete_object(Bucket="with-a-lock", Key="k")
    with pytest.raises(ClientError) as failure:
        s3.delete_object(Bucket="with-a-lock", Key="k", VersionId=version)
    assert code_of(failure) == "AccessDenied"
    s3.delete_object(Bucket="with-a-lock", Key="k", VersionId=version, BypassGovernanceRetention=True)


def test_a_customers_key_is_needed_again(s3, bucket):
    key = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    s3.put_object(Bucket=bucket, Key="k", Body=b"secret", **key)
    assert s3.get_object(Bucket=bucket, Key="k", **key)["Body"].read() == b"secret"
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="k")
    assert code_of(failure) == "InvalidRequest"


def test_cross_origin_requests(server, s3, bucket):
    rule = {
        "AllowedMethods": ["PUT"],
        "AllowedOrigins": ["https://*.example"],
        "AllowedHeaders": ["x-*"],
        "ExposeHeaders": ["etag"],
    }
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"})
    asked = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-a",
    }
    allowed = requests.options(url, headers=asked, timeout=10)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://a.example"
    assert requests.options(url, headers={**asked, "Origin": "https://b.test"}, timeout=10).status_code == 403
    sent = requests.put(url, data=b"1", headers={"Origin": "https://a.example"}, timeout=10)
    assert (sent.status_code, sent.headers["access-control-expose-headers"]) == (200, "etag")
    assert (
        "access-control-allow-origin"
        not in requests.put(url, data=b"1", headers={"Origin": "https://b.test"}, timeout=10).headers
    )


@pytest.mark.parametrize("size", [5, 3_000_000])
def test_forms_with_a_file(s3, bucket, size):
    body = b"\r\n--x" * (size // 5)
    form = s3.generate_presigned_post(
        bucket,
        "up/${filename}",
        Fields={"acl": "private", "success_action_status": "201"},
        Conditions=[{"acl": "private"}, {"success_action_status": "201"}, ["content-length-range", 1, 4_000_000]],
    )
    answer = requests.post(form["url"], data=form["fields"], files={"file": ("name.txt", body)}, timeout=20)
    assert (answer.status_code, "<Key>up/name.txt</Key>" in answer.text) == (201, True)
    assert s3.get_object(Bucket=bucket, Key="up/name.txt")["Body"].read() == body
    too_long = requests.post(form["url"], data=form["fields"], files={"file": ("n", b"x" * 4_000_001)}, timeout=20)
    assert "<Code>EntityTooLarge</Code>" in too_long.text
    changed = {**form["fields"], "acl": "public-read"}
    refused = requests.post(form["url"], data=changed, files={"file": ("n", b"x")}, timeout=20)
    assert (refused.status_code, "AccessDenied" in refused.text) == (403, True)


@pytest.mark.parametrize(
    "host", ["{}.localhost", "{}.s3.localhost", "{}.s3.eu-west-1.amazonaws.com", "{}.s3.amazonaws.com"]
)
def test_a_bucket_in_the_host(server, s3, bucket, host):
    s3.put_object(Bucket=bucket, Key="a/b", Body=host.encode(), ACL="public-read")
    answer = requests.get(f"{server.url}/a/b", headers={"Host": host.format(bucket)}, timeout=10)
    assert answer.content == host.encode()


def test_waiters(s3, bucket):
    s3.get_waiter("bucket_exists").wait(Bucket=bucket)
    s3.get_waiter("object_not_exists").wait(Bucket=bucket, Key="k")
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    s3.get_waiter("object_exists").wait(Bucket=bucket, Key="k")
