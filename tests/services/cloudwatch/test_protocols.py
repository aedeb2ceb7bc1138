"""CloudWatch speaks three protocols; boto3 has one of them, older clients and other SDKs have the others."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import cbor2
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

Send = Callable[[str, dict[str, str], bytes], bytes]


@pytest.fixture
def send(server: Any) -> Send:
    def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
        request = AWSRequest("POST", server.url + path, data=body, headers=headers)
        SigV4Auth(Credentials("test", "test"), "monitoring", "us-east-1").add_auth(request)
        prepared = urllib.request.Request(server.url + path, data=body, headers=dict(request.headers), method="POST")
        try:
            with urllib.request.urlopen(prepared, timeout=10) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return error.read()

    return post


def test_the_query_protocol(send: Send) -> None:
    namespace = f"Query/{uuid4().hex[:8]}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def call(action: str, **fields: str) -> str:
        return send("/", form, urlencode({"Action": action, "Version": "2010-08-01", **fields}).encode()).decode()

    put = {
        "Namespace": namespace,
        "MetricData.member.1.MetricName": "m",
        "MetricData.member.1.Value": "2.5",
        "MetricData.member.1.Dimensions.member.1.Name": "host",
        "MetricData.member.1.Dimensions.member.1.Value": "a",
    }
    assert "<PutMetricDataResponse" in call("PutMetricData", **put)
    listed = call("ListMetrics", Namespace=namespace)
    assert f"<Namespace>{namespace}</Namespace>" in listed
    assert "<Value>a</Value>" in listed
    refused = call("PutMetricData", Namespace=namespace, **{"MetricData.member.1.MetricName": "m"})
    assert "<Code>MissingParameter</Code>" in refused


def test_the_cbor_protocol(send: Send) -> None:
    namespace = f"Cbor/{uuid4().hex[:8]}"
    headers = {"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor", "Accept": "application/cbor"}

    def call(operation: str, **members: Any) -> Any:
        path = f"/service/GraniteServiceVersion20100801/operation/{operation}"
        return cbor2.loads(send(path, headers, cbor2.dumps(members)))

    call("PutMetricData", Namespace=namespace, MetricData=[{"MetricName": "m", "Value": 2.5}])
    now = int(time.time())
    answer = call(
        "GetMetricStatistics",
        Namespace=namespace,
        MetricName="m",
        StartTime=cbor2.CBORTag(1, now - 600),
        EndTime=cbor2.CBORTag(1, now + 60),
        Period=60,
        Statistics=["Sum"],
    )
    assert [point["Sum"] for point in answer["Datapoints"]] == [2.5]
