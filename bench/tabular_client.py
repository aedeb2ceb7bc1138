"""The client of bench/tabular.py's part *predict*, in a process of its own: `python tabular_client.py URL`."""

from __future__ import annotations

import http.client
import json
import sys
import time
from collections.abc import Callable

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

CALLS = 2000
RECORD = {"age": "70", "poutcome": "success", "euribor3m": "0.8", "jobId": "retired"}


def percentiles(call: Callable[[], None]) -> dict[str, float]:
    """Milliseconds of a call."""
    for _ in range(50):
        call()
    times = []
    for _ in range(CALLS):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return {"p50_ms": round(times[CALLS // 2], 2), "p95_ms": round(times[CALLS * 95 // 100], 2)}


def main() -> None:
    """Ask the model "model" at the URL, by boto3 and by the same signed request over one connection."""
    url = sys.argv[1]
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    client = boto3.client("machinelearning", endpoint_url=url, **keys)
    body = json.dumps({"MLModelId": "model", "Record": RECORD, "PredictEndpoint": url})
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonML_20141212.Predict"}
    request = AWSRequest("POST", url + "/", headers, body)
    SigV4Auth(Credentials("test", "test"), "machinelearning", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection(url.removeprefix("http://"))

    def plain() -> None:
        connection.request("POST", "/", body, dict(request.headers))
        answer = connection.getresponse().read()
        assert b"predictedLabel" in answer, answer

    def boto() -> None:
        client.predict(MLModelId="model", Record=RECORD, PredictEndpoint=url)

    print(json.dumps({"boto3": percentiles(boto), "http": percentiles(plain), "calls": 2 * (CALLS + 50)}))


if __name__ == "__main__":
    main()
