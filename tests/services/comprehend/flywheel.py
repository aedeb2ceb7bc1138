"""What the tests of flywheels share: the steps around an iteration, and waiting with an end."""

import json
import time
from typing import Any

from tests.conftest import RunningServer
from tests.services.comprehend.custom import BUCKET, Custom

MULTI_CLASS = {"LanguageCode": "en", "DocumentClassificationConfig": {"Mode": "MULTI_CLASS"}}


class Wheels(Custom):
    """A server with a role and a bucket, and flywheels."""

    def __init__(self, server: RunningServer) -> None:
        super().__init__(server)
        self.lake = f"s3://{BUCKET}/lakes"

    def flywheel(self, name: str, *, active: str | None = None, task: dict[str, Any] = MULTI_CLASS, **more: Any) -> str:
        """A flywheel that is ACTIVE."""
        new = {"TaskConfig": task, "ModelType": "DOCUMENT_CLASSIFIER"}
        arn = self.comprehend.create_flywheel(
            FlywheelName=name,
            DataAccessRoleArn=self.role,
            DataLakeS3Uri=self.lake,
            **(new if active is None else {"ActiveModelArn": active}),
            **more,
        )["FlywheelArn"]
        assert self.waited(lambda: self.wheel(arn), "CREATING")["Status"] == "ACTIVE"
        return arn

    def wheel(self, arn: str) -> dict[str, Any]:
        return self.comprehend.describe_flywheel(FlywheelArn=arn)["FlywheelProperties"]

    def dataset(
        self, flywheel: str, name: str, data: str | bytes, kind: str = "TRAIN", **config: Any
    ) -> dict[str, Any]:
        """A dataset once it has been taken in."""
        uri = self.put(f"incoming/{flywheel.rpartition('/')[2]}/{name}.csv", data)
        arn = self.comprehend.create_dataset(
            FlywheelArn=flywheel,
            DatasetName=name,
            DatasetType=kind,
            InputDataConfig={"DocumentClassifierInputDataConfig": {"S3Uri": uri, **config}},
        )["DatasetArn"]
        return self.taken_in(arn)

    def taken_in(self, arn: str) -> dict[str, Any]:
        return self.waited(lambda: self.comprehend.describe_dataset(DatasetArn=arn)["DatasetProperties"], "CREATING")

    def iteration(self, flywheel: str, identifier: str) -> dict[str, Any]:
        return self.comprehend.describe_flywheel_iteration(FlywheelArn=flywheel, FlywheelIterationId=identifier)[
            "FlywheelIterationProperties"
        ]

    def iterate(self, flywheel: str, seconds: float = 90) -> dict[str, Any]:
        """A new iteration once it has ended."""
        identifier = self.comprehend.start_flywheel_iteration(FlywheelArn=flywheel)["FlywheelIterationId"]
        busy = ("TRAINING", "EVALUATING", "STOP_REQUESTED")
        return self.waited(lambda: self.iteration(flywheel, identifier), *busy, seconds=seconds)

    def waited(self, describe: Any, *busy: str, seconds: float = 60) -> dict[str, Any]:
        ends = time.monotonic() + seconds
        while (found := describe())["Status"] in busy:
            assert time.monotonic() < ends, f"still {found}"
            time.sleep(0.1)
        return found

    def keys(self, uri: str) -> list[str]:
        """The URIs under one."""
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        listed = self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        return [f"s3://{bucket}/{each['Key']}" for each in listed]

    def text(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()

    def lines(self, uri: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text(uri).splitlines()]
