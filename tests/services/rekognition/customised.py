"""What the tests of Custom Labels share: drawn pictures in a bucket, manifests, and waiting with an end."""

from __future__ import annotations

import json
import random
import time
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from tests.conftest import RunningServer

BUCKET = "custom-labels"
COLOURS = {"disc": (200, 40, 40), "square": (40, 60, 200), "cross": (30, 150, 60)}


def drawing(shape: str, seed: int, size: tuple[int, int] = (160, 120)) -> tuple[bytes, tuple[int, int, int, int]]:
    """A shape somewhere on a grey ground as a PNG file, and its box: left, top, width, height."""
    chance = random.Random(f"{shape} {seed}")
    ground = chance.randint(120, 240)
    picture = Image.new("RGB", size, (ground, ground, ground))
    draw = ImageDraw.Draw(picture)
    side = chance.randint(36, 60)
    left, top = chance.randint(2, size[0] - side - 2), chance.randint(2, size[1] - side - 2)
    box = (left, top, left + side, top + side)
    colour = COLOURS[shape]
    if shape == "disc":
        draw.ellipse(box, fill=colour)
    elif shape == "square":
        draw.rectangle(box, fill=colour)
    else:
        draw.line(box, fill=colour, width=9)
        draw.line((left, top + side, left + side, top), fill=colour, width=9)
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue(), (left, top, side, side)


def label_line(uri: str, *labels: str) -> dict[str, Any]:
    """A manifest's line of a picture with labels."""
    line: dict[str, Any] = {"source-ref": uri}
    for place, label in enumerate(labels):
        line[f"kind{place}"] = place
        line[f"kind{place}-metadata"] = {
            "class-name": label,
            "confidence": 1,
            "type": "groundtruth/image-classification",
            "human-annotated": "yes",
            "creation-date": "2026-11-24T10:00:00",
            "job-name": "drawn",
        }
    return line


def box_line(uri: str, boxes: list[tuple[str, tuple[int, int, int, int]]], size: tuple[int, int]) -> dict[str, Any]:
    """A manifest's line of a picture with labelled boxes."""
    names = sorted({label for label, _ in boxes})
    return {
        "source-ref": uri,
        "box": {
            "image_size": [{"width": size[0], "height": size[1], "depth": 3}],
            "annotations": [
                {"class_id": names.index(label), "left": left, "top": top, "width": width, "height": height}
                for label, (left, top, width, height) in boxes
            ],
        },
        "box-metadata": {
            "objects": [{"confidence": 1} for _ in boxes],
            "class-map": {str(place): name for place, name in enumerate(names)},
            "type": "groundtruth/object-detection",
            "human-annotated": "yes",
            "creation-date": "2026-11-24T10:00:00",
            "job-name": "drawn",
        },
    }


class CustomLabels:
    """A server with a bucket, and the steps that most tests begin with."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.rekognition = server.client("rekognition")
        self.s3 = server.client("s3")
        self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, data: bytes | str) -> str:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data if isinstance(data, bytes) else data.encode())
        return f"s3://{BUCKET}/{key}"

    def manifest(self, key: str, lines: list[dict[str, Any] | str]) -> dict[str, Any]:
        """Put a manifest; the answer is AWS's GroundTruthManifest."""
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        self.put(key, "".join(text + "\n" for text in texts))
        return {"S3Object": {"Bucket": BUCKET, "Name": key}}

    def drawn(self, shapes: list[str], count: int, *, boxed: bool = False, first: int = 0) -> list[dict[str, Any]]:
        """So many pictures of each shape, and their lines."""
        lines = []
        for number in range(first, first + count):
            for shape in shapes:
                data, box = drawing(shape, number)
                uri = self.put(f"drawn/{shape}{number}.png", data)
                lines.append(box_line(uri, [(shape, box)], (160, 120)) if boxed else label_line(uri, shape))
        return lines

    def project(self, name: str) -> str:
        return self.rekognition.create_project(ProjectName=name)["ProjectArn"]

    def dataset(self, project: str, kind: str, manifest: dict[str, Any] | None = None, **source: Any) -> str:
        if manifest is not None:
            source = {"GroundTruthManifest": manifest}
        given = {"DatasetSource": source} if source else {}
        arn = self.rekognition.create_dataset(ProjectArn=project, DatasetType=kind, **given)["DatasetArn"]
        self.written(arn)
        return arn

    def written(self, arn: str, seconds: float = 60) -> dict[str, Any]:
        """The dataset once nothing is being done to it."""
        ends = time.monotonic() + seconds
        while True:
            found = self.rekognition.describe_dataset(DatasetArn=arn)["DatasetDescription"]
            if not found["Status"].endswith("IN_PROGRESS"):
                return found
            assert time.monotonic() < ends, f"still {found}"
            time.sleep(0.05)

    def train(self, project: str, name: str, **more: Any) -> str:
        request = {
            "ProjectArn": project,
            "VersionName": name,
            "OutputConfig": {"S3Bucket": BUCKET, "S3KeyPrefix": "out"},
        }
        return self.rekognition.create_project_version(**request | more)["ProjectVersionArn"]

    def version(self, arn: str) -> dict[str, Any]:
        project_name = arn.split("/")[1]
        (project,) = self.rekognition.describe_projects(ProjectNames=[project_name])["ProjectDescriptions"]
        answer = self.rekognition.describe_project_versions(
            ProjectArn=project["ProjectArn"], VersionNames=[arn.split("/")[3]]
        )
        (found,) = answer["ProjectVersionDescriptions"]
        return found

    def ended(self, arn: str, seconds: float = 120) -> dict[str, Any]:
        """The version once it is made, or could not be."""
        ends = time.monotonic() + seconds
        while (found := self.version(arn))["Status"].endswith("IN_PROGRESS"):
            assert time.monotonic() < ends, f"still {found}"
            time.sleep(0.1)
        return found

    def read(self, place: dict[str, Any]) -> str:
        """An object that an answer names."""
        found = place["S3Object"]
        return self.s3.get_object(Bucket=found["Bucket"], Key=found["Name"])["Body"].read().decode()
