import pytest

from honmono.services.s3.hosts import bucket_of


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("localhost", None),
        ("127.0.0.1", None),
        ("s3.localhost", None),
        ("s3.eu-west-1.localhost", None),
        ("b.localhost", "b"),
        ("my.bucket.localhost", "my.bucket"),
        ("my.bucket.s3.localhost", "my.bucket"),
        ("bk.s3.localhost.localstack.cloud", "bk"),
        ("bk.s3.eu-west-1.localhost", "bk"),
        ("bk.s3.eu-west-1.amazonaws.com", "bk"),
        ("bk.s3-eu-west-1.amazonaws.com", "bk"),
        ("bk.s3.dualstack.eu-west-1.amazonaws.com", "bk"),
        ("bk.s3.amazonaws.com", "bk"),
        ("bk.s3.cn-north-1.amazonaws.com.cn", "bk"),
        ("s3.amazonaws.com", None),
        ("s3.eu-west-1.amazonaws.com", None),
        ("sts.us-east-1.amazonaws.com", None),
        ("runtime.sagemaker.us-east-1.amazonaws.com", None),
        ("example.com", None),
    ],
)
def test_only_hosts_of_s3s_own_forms_name_a_bucket(host, bucket):
    assert bucket_of(host) == bucket
