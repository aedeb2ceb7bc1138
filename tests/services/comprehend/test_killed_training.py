"""kill -9 in the middle of a training: the next start takes it up, and nothing else is lost."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from tests.conftest import CACHE
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, Custom, as_csv

pytestmark = [pytest.mark.slow, pytest.mark.weights]


class Killable:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "honmono", "up", "--port", str(self._port), "--data", str(self.folder)]
        environment = {
            **os.environ,
            "HONMONO_CACHE": str(CACHE),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        with (self.folder.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                urllib.request.urlopen(f"{self.url}/_honmono/health", timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None, "the server did not start"
                time.sleep(0.1)
        raise AssertionError("the server did not become ready")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def client(self, service: str):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 3}),
        )


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def test_a_training_is_taken_up_after_the_server_was_killed(server):
    custom = Custom(server)
    done = custom.create("done", custom.put("done.csv", as_csv(BILLING=BILLING, DELIVERY=DELIVERY)))
    before = custom.ended(done)
    assert before["Status"] == "TRAINED"
    many = as_csv(
        BILLING=[f"{text}, case {number}" for text in BILLING for number in range(60)],
        DELIVERY=[f"{text}, case {number}" for text in DELIVERY for number in range(60)],
    )
    arn = custom.create("killed", custom.put("many.csv", many), OutputDataConfig={"S3Uri": f"s3://{BUCKET}/out"})
    ends = time.monotonic() + 60
    while "encoded" not in custom.describe(arn).get("Message", ""):
        assert time.monotonic() < ends and custom.describe(arn)["Status"] in ("SUBMITTED", "TRAINING")
        time.sleep(0.05)
    server.kill()
    server.start()

    after = custom.ended(arn, 120)
    assert after["Status"] == "TRAINED", after
    assert after["ClassifierMetadata"]["NumberOfTrainedDocuments"] > 1000
    assert custom.describe(done) == before
    listed = custom.s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")
    assert [each["Key"] for each in listed["Contents"]] == [after["OutputDataConfig"]["S3Uri"].split("/", 3)[3]]
    endpoint = custom.endpoint("after", arn)
    answer = custom.comprehend.classify_document(Text="my parcel was not delivered", EndpointArn=endpoint)
    assert answer["Classes"][0]["Name"] == "DELIVERY"
