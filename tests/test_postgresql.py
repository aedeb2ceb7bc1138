"""Two servers on one PostgreSQL database and one folder of objects: what one keeps, the other has."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer, settings_for

from store.postgresql import postgresql  # noqa: F401  a fixture

pytestmark = pytest.mark.service


@pytest.fixture
def servers(postgresql, tmp_path):  # noqa: F811
    url = postgresql.new_database()
    running = []
    try:
        for _ in range(2):
            running.append(RunningServer(settings_for(tmp_path, database=url)))
        yield running
    finally:
        for server in running:
            server.close()


def test_objects_users_and_keys_are_shared(servers):
    one, other = (server.client("s3") for server in servers)
    one.create_bucket(Bucket="shared")
    one.put_bucket_versioning(Bucket="shared", VersioningConfiguration={"Status": "Enabled"})
    small, large = b"small", b"x" * 300_000
    one.put_object(Bucket="shared", Key="a/small", Body=small)
    other.put_object(Bucket="shared", Key="a/large", Body=large)
    other.put_object(Bucket="shared", Key="a/small", Body=b"newer")
    assert one.get_object(Bucket="shared", Key="a/small")["Body"].read() == b"newer"
    assert one.get_object(Bucket="shared", Key="a/large")["Body"].read() == large
    versions = one.list_object_versions(Bucket="shared", Prefix="a/small")["Versions"]
    assert [version["IsLatest"] for version in versions] == [True, False]
    assert one.list_objects_v2(Bucket="shared", Delimiter="/")["CommonPrefixes"] == [{"Prefix": "a/"}]

    servers[0].client("iam").create_user(UserName="mio")
    key = servers[0].client("iam").create_access_key(UserName="mio")["AccessKey"]
    mio = servers[1].client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert mio.get_caller_identity()["Arn"].endswith("user/mio")
    with pytest.raises(ClientError, match="EntityAlreadyExists"):
        servers[1].client("iam").create_user(UserName="mio")


def test_an_upload_in_parts_may_go_through_both(servers):
    one, other = (server.client("s3") for server in servers)
    one.create_bucket(Bucket="parts")
    upload = one.create_multipart_upload(Bucket="parts", Key="whole")["UploadId"]
    bodies = [b"a" * 5 * 1024 * 1024, b"b" * 1000]
    tags = [
        client.upload_part(Bucket="parts", Key="whole", UploadId=upload, PartNumber=number, Body=body)["ETag"]
        for number, (client, body) in enumerate(zip((one, other), bodies, strict=True), 1)
    ]
    parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
    other.complete_multipart_upload(Bucket="parts", Key="whole", UploadId=upload, MultipartUpload={"Parts": parts})
    assert one.get_object(Bucket="parts", Key="whole")["Body"].read() == b"".join(bodies)


def test_a_text_that_postgresql_cannot_keep_is_refused(servers):
    with pytest.raises(ClientError) as refused:
        servers[0].client("logs").create_log_group(logGroupName="g", tags={"k": "a\0b"})
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
