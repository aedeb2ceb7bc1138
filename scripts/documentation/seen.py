"""Two photographs through DetectLabels, and what moto's Rekognition says to them: the READMEs' third table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from documentation import blocks, comparison
from documentation.answers import honmono_server, moto_server

ANSWERS = blocks.ROOT / "docs/images/seen.json"
BLOCK = "seen"
_HEADS = {
    "en": ("photograph", "DetectLabels: moto", "Honmono"),
    "ja": ("写真", "DetectLabels: moto", "Honmono"),
}
_ASK = """
import json, sys, boto3
from honmono.cli.seeing import see
json.dump([[each.name, list(each.labels)] for each in see(boto3.client("rekognition"))], sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One photograph, and the labels of both with their confidences."""

    name: str
    moto: list[list[Any]]
    honmono: list[list[Any]]


def compare() -> list[Seen]:
    """Start both servers and ask them."""
    with honmono_server() as url:
        ours = _asked(url)
    with moto_server() as url:
        theirs = _asked(url)
    return [Seen(name, their, our) for (name, our), (_, their) in zip(ours, theirs, strict=True)]


def _asked(url: str) -> list[Any]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    told = subprocess.run([sys.executable, "-c", _ASK], env=environment, check=True, capture_output=True)
    found: list[Any] = json.loads(told.stdout)
    return found


def keep(answers: list[Seen]) -> None:
    """Write the answers down."""
    ANSWERS.write_text(json.dumps([asdict(each) for each in answers], indent=1) + "\n", "utf-8")


def kept() -> list[Seen]:
    """The answers as they were written down."""
    return [Seen(**each) for each in json.loads(ANSWERS.read_text("utf-8"))]


def table(answers: list[Seen], language: str) -> str:
    """One row a photograph."""
    rows = [(each.name, _told(each.moto), f"**{_told(each.honmono)}**") for each in answers]
    return blocks.table(_HEADS[language], rows)


def _told(labels: list[list[Any]]) -> str:
    return ", ".join(f"{name} {confidence:.0f}" for name, confidence in labels)


def pages() -> dict[Path, str]:
    """Each page with its language."""
    return {page: language for page, language in comparison.pages().items() if page.name.startswith("README")}
