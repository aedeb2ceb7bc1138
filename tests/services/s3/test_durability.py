"""What was acknowledged is there after `kill -9`, and nothing else is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

SOURCE = Path(__file__).parents[3] / "src"


def start(data: Path) -> tuple[subprocess.Popen[bytes], str]:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "honmono", "up", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.025)
    raise AssertionError("the server did not start")


def client(url: str):
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(tmp_path):
    process, url = start(tmp_path)
    client(url).create_bucket(Bucket="kept")
    acknowledged: dict[str, str] = {}

    def write(number: int) -> None:
        s3 = client(url)
        for index in range(10_000):
            body = os.urandom(300 if index % 3 else 200_000)
            key = f"{number}/{index}"
            try:
                s3.put_object(Bucket="kept", Key=key, Body=body)
            except Exception:  # noqa: BLE001 - the server was killed
                return
            acknowledged[key] = hashlib.md5(body).hexdigest()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    process.kill()
    process.wait()
    for thread in threads:
        thread.join()
    assert len(acknowledged) > 20
    process, url = start(tmp_path)
    try:
        s3 = client(url)
        for key, digest in acknowledged.items():
            assert hashlib.md5(s3.get_object(Bucket="kept", Key=key)["Body"].read()).hexdigest() == digest
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="kept")
        assert {item["Key"] for page in pages for item in page["Contents"]} >= acknowledged.keys()
    finally:
        process.terminate()
        process.wait(15)
