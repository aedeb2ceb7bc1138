"""The guide's banking campaign: data of the same form, with a relation planted in them, and the calls to learn it."""

from __future__ import annotations

import json
import math
import random
import time
from typing import Any

from tests.conftest import RunningServer

BUCKET = "campaign"
JOBS = ("admin.", "blue-collar", "technician", "retired", "student")
OUTCOMES = ("nonexistent", "failure", "success")
HEADER = ("customerId", "jobId", "age", "poutcome", "euribor3m", "duration", "willRespondToCampaign")
SCHEMA = {
    "version": "1.0",
    "rowId": "customerId",
    "rowWeight": None,
    "targetAttributeName": "willRespondToCampaign",
    "dataFormat": "CSV",
    "dataFileContainsHeader": True,
    "attributes": [
        {"attributeName": "customerId", "attributeType": "CATEGORICAL"},
        {"attributeName": "jobId", "attributeType": "CATEGORICAL"},
        {"attributeName": "age", "attributeType": "NUMERIC"},
        {"attributeName": "poutcome", "attributeType": "CATEGORICAL"},
        {"attributeName": "euribor3m", "attributeType": "NUMERIC"},
        {"attributeName": "duration", "attributeType": "NUMERIC"},
        {"attributeName": "willRespondToCampaign", "attributeType": "BINARY"},
    ],
    "excludedAttributeNames": ["duration"],
}


def campaign(rows: int, seed: int = 0) -> list[tuple[Any, ...]]:
    """Customers: the young, the old and those who once said yes respond; so do all while the interest is low."""
    chance = random.Random(seed)
    found = []
    for number in range(rows):
        job, outcome = chance.choice(JOBS), chance.choices(OUTCOMES, (8, 2, 1))[0]
        age, euribor = chance.randint(18, 80), round(chance.uniform(0.6, 5.0), 3)
        odds = -2.5 + 2.0 * (age < 25 or age > 60) + 2.5 * (outcome == "success") + 1.5 * (euribor < 1.5)
        said = chance.random() < 1 / (1 + math.exp(-odds))
        found.append((f"c{number}", job, age, outcome, euribor, chance.randint(10, 900), int(said)))
    return found


def as_csv(rows: list[tuple[Any, ...]], header: tuple[str, ...] | None = HEADER) -> str:
    """As a file."""
    lines = [",".join(map(str, row)) for row in rows]
    return "\n".join([*([",".join(header)] if header else []), *lines]) + "\n"


class Banking:
    """Calls of the service with what most tests leave alone filled in."""

    def __init__(self, server: RunningServer) -> None:
        self.ml = server.client("machinelearning")
        self.s3 = server.client("s3")
        self.s3.create_bucket(Bucket=BUCKET)

    def put(self, key: str, text: str | bytes) -> str:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode() if isinstance(text, str) else text)
        return f"s3://{BUCKET}/{key}"

    def get(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def source(self, name: str, uri: str, schema: dict[str, Any] | None = None, **splitting: Any) -> str:
        spec = {"DataLocationS3": uri, "DataSchema": json.dumps(schema or SCHEMA)}
        if splitting:
            spec["DataRearrangement"] = json.dumps({"splitting": splitting})
        self.ml.create_data_source_from_s3(DataSourceId=name, DataSpec=spec, ComputeStatistics=True)
        return name

    def model(self, name: str, source: str, kind: str = "BINARY", recipe: Any = None, **parameters: str) -> str:
        request: dict[str, Any] = {"MLModelId": name, "MLModelType": kind, "TrainingDataSourceId": source}
        if recipe is not None:
            request["Recipe"] = recipe if isinstance(recipe, str) else json.dumps(recipe)
        request["Parameters"] = {"sgd.shuffleType": "auto"} | {f"sgd.{key}": each for key, each in parameters.items()}
        self.ml.create_ml_model(**request)
        return name

    def ended(self, kind: str, name: str, seconds: float = 120, **more: Any) -> dict[str, Any]:
        """A resource (`data_source`, `ml_model`, …) once it is completed or has failed."""
        member = {"data_source": "DataSourceId", "ml_model": "MLModelId", "evaluation": "EvaluationId"}
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            found = getattr(self.ml, f"get_{kind}")(**{member.get(kind, "BatchPredictionId"): name}, **more)
            if found["Status"] in ("COMPLETED", "FAILED"):
                return found
            time.sleep(0.05)
        raise AssertionError(f"{kind} {name} is still {found['Status']}")
