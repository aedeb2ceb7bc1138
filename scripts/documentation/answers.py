"""The same calls, answered by moto and by Honmono: made over HTTP by boto3, as an application makes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

SCORES = ("Positive", "Negative", "Neutral", "Mixed")
TEXTS = (
    ("en", "Quiet, sturdy and easy to clean. I would buy it again."),
    ("en", "It broke after a week, and nobody answers my mails."),
    ("ja", "この加湿器は静かで使いやすい。"),
    ("ja", "一週間で壊れました。"),
)
_READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says of one text: sentiment with its four scores, and language; or the errors instead."""

    sentiment: str | None
    scores: dict[str, float] | None
    sentiment_error: str | None
    language: str | None
    language_error: str | None
    engine: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The texts with their languages, and each server's answers in their order."""

    texts: tuple[tuple[str, str], ...]
    moto: tuple[Answer, ...]
    honmono: tuple[Answer, ...]
    versions: dict[str, str]

    def dump(self) -> str:
        """As JSON; scores with four digits."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, path: Path) -> Comparison:
        """Read what `dump` wrote."""
        fields = json.loads(path.read_text("utf-8"))
        return cls(
            tuple((language, text) for language, text in fields["texts"]),
            tuple(Answer(**answer) for answer in fields["moto"]),
            tuple(Answer(**answer) for answer in fields["honmono"]),
            fields["versions"],
        )


def compare() -> Comparison:
    """Start both servers, ask both the same, and stop them."""
    from importlib.metadata import version

    from honmono import __version__

    with moto_server() as url:
        moto = tuple(ask(url, text, language) for language, text in TEXTS)
    with honmono_server() as url:
        honmono = tuple(ask(url, text, language) for language, text in TEXTS)
    return Comparison(TEXTS, moto, honmono, {"moto": version("moto"), "honmono": __version__})


def ask(url: str, text: str, language: str) -> Answer:
    """DetectSentiment and DetectDominantLanguage of one text."""
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "comprehend",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    mood, mood_error = _call(client.detect_sentiment, Text=text, LanguageCode=language)
    found, language_error = _call(client.detect_dominant_language, Text=text)
    return Answer(
        sentiment=mood["Sentiment"] if mood else None,
        scores={name: round(mood["SentimentScore"][name], 4) for name in SCORES} if mood else None,
        sentiment_error=mood_error,
        language=found["Languages"][0]["LanguageCode"] if found else None,
        language_error=language_error,
        engine=mood["ResponseMetadata"]["HTTPHeaders"].get("x-honmono-engine") if mood else None,
    )


def _call(method: Any, **request: str) -> tuple[dict[str, Any] | None, str | None]:
    from botocore.exceptions import ClientError

    try:
        return method(**request), None
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code = str(error.response["Error"]["Code"])
        return None, f"{status}" if code == str(status) else f"{status} {code}"


@contextmanager
def moto_server() -> Iterator[str]:
    """moto's own server, as its command starts it."""
    port = _free_port()
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    with _child(command) as process:
        url = f"http://127.0.0.1:{port}"
        _wait(process, f"{url}/moto-api/data.json")
        yield url


@contextmanager
def honmono_server() -> Iterator[str]:
    """`honmono up` on a free port with temporary data."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "honmono", "up", "--port", str(port), "--data", data]
        with _child(command) as process:
            url = f"http://127.0.0.1:{port}"
            _wait(process, f"{url}/_honmono/health")
            yield url


@contextmanager
def _child(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    # The package as it lies beside this script, whatever is installed.
    source = str(Path(__file__).resolve().parents[2] / "src")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            direct.open(url, timeout=5).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args!r} ended with {process.returncode} before it was ready") from None
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
