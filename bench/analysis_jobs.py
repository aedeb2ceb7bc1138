"""A sentiment job over 5,000 lines against calling the engine directly: documents a CPU-second.

The job's CPU time is all that the server and the job's process take from Start to the end: starting it, loading the
engine, reading the objects, writing the archive. Of the engine called directly it is the calls alone.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from honmono.engines.text.sentiment import SentimentEngine
from honmono.weights import Cache
from peers import Peer, honmono, medians, report

LINES = 5000
_TICKS = os.sysconf("SC_CLK_TCK")
WORDS = (
    "the a this my our camera film hotel train meal service room phone battery screen delivery staff price was is "
    "seemed felt became very rather hardly never always great awful slow quick tidy broken cheap lovely and but so "
    "because when although we they she he I again today yesterday there"
).split()
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "comprehend.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def lines() -> list[str]:
    """Lines of 5 to 60 words, the same in every run."""
    chance = random.Random(20261124)
    return [" ".join(chance.choices(WORDS, k=chance.randint(5, 60))) for _ in range(LINES)]


def cpu_with_children(pid: int) -> float:
    """User and system time of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def client(peer: Peer, service: str) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=peer.url, region_name="us-east-1", config=config, **keys)


def by_job(peer: Peer, role: str, texts: list[str]) -> dict[str, float]:
    comprehend, s3 = client(peer, "comprehend"), client(peer, "s3")
    s3.put_object(Bucket="reviews", Key="in.txt", Body="\n".join(texts).encode())
    before, started = cpu_with_children(peer.process.pid), time.perf_counter()
    job = comprehend.start_sentiment_detection_job(
        InputDataConfig={"S3Uri": "s3://reviews/in.txt", "InputFormat": "ONE_DOC_PER_LINE"},
        OutputDataConfig={"S3Uri": "s3://reviews/out"},
        DataAccessRoleArn=role,
        LanguageCode="en",
    )["JobId"]
    while True:
        time.sleep(0.5)
        found = comprehend.describe_sentiment_detection_job(JobId=job)["SentimentDetectionJobProperties"]
        if found["JobStatus"] not in ("SUBMITTED", "IN_PROGRESS"):
            break
    seconds, cpu = time.perf_counter() - started, cpu_with_children(peer.process.pid) - before
    assert found["JobStatus"] == "COMPLETED", found
    key = found["OutputDataConfig"]["S3Uri"].split("/", 3)[3]
    with tarfile.open(fileobj=io.BytesIO(s3.get_object(Bucket="reviews", Key=key)["Body"].read())) as archive:
        output = archive.extractfile("output")
        assert output is not None and len(output.readlines()) == len(texts)
    return {"cpu_seconds": cpu, "seconds": seconds, "documents_per_cpu_second": len(texts) / cpu}


def directly(engine: SentimentEngine, texts: list[str]) -> dict[str, float]:
    before, started = time.process_time(), time.perf_counter()
    for start in range(0, len(texts), 16):
        chunk = texts[start : start + 16]
        engine.classify.each(chunk, ["en"] * len(chunk))
    cpu = time.process_time() - before
    return {
        "cpu_seconds": cpu,
        "seconds": time.perf_counter() - started,
        "documents_per_cpu_second": len(texts) / cpu,
    }


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    texts = lines()
    engine = SentimentEngine(Cache())
    engine.load()
    engine.classify.each(texts[:16], ["en"] * 16)
    rows = []
    with honmono() as peer:
        iam = client(peer, "iam")
        role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        client(peer, "s3").create_bucket(Bucket="reviews")
        by_job(peer, role, texts[:50])
        rows.append({"how": "engine, directly", **medians(runs, lambda: directly(engine, texts))})
        rows.append({"how": "StartSentimentDetectionJob", **medians(runs, lambda: by_job(peer, role, texts))})
    share = rows[1]["documents_per_cpu_second"] / rows[0]["documents_per_cpu_second"]
    report("analysis_jobs", rows, documents=LINES, job_of_engine=share)


if __name__ == "__main__":
    main()
