"""Two sentences through Polly and back through Transcribe, and what moto's Polly says to them: the READMEs' second table."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from documentation import blocks, comparison
from documentation.answers import honmono_server, moto_server

ANSWERS = blocks.ROOT / "docs/images/spoken.json"
BLOCK = "spoken"
_HEADS = {
    "en": ("text", "SynthesizeSpeech: moto", "Honmono", "what Transcribe wrote down of it"),
    "ja": ("入力", "SynthesizeSpeech: moto", "Honmono", "その音声を Transcribe が書き取ると"),
}
_ASK = """
import json, sys
from honmono.cli.speaking import speak_and_hear
json.dump([[each.voice, each.text, each.seconds, each.heard] for each in speak_and_hear()], sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence.

    Attributes:
        voice: Polly's.
        text: what it was given.
        moto: bytes that moto's Polly gave, and the first eight digits of their hash.
        seconds: of our sound.
        heard: what our Transcribe wrote down of it.
    """

    voice: str
    text: str
    moto: tuple[int, str]
    seconds: float
    heard: str


def compare() -> list[Spoken]:
    """Start both servers and ask them."""
    with honmono_server() as url:
        source = str(Path(__file__).resolve().parents[2] / "src")
        environment = {
            **os.environ,
            "PYTHONPATH": source,
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        told = subprocess.run([sys.executable, "-c", _ASK], env=environment, check=True, capture_output=True)
    ours = json.loads(told.stdout)
    with moto_server() as url:
        theirs = [_synthesized(url, voice, text) for voice, text, _, _ in ours]
    return [
        Spoken(voice, text, (len(sound), hashlib.sha256(sound).hexdigest()[:8]), round(seconds, 1), heard)
        for (voice, text, seconds, heard), sound in zip(ours, theirs, strict=True)
    ]


def _synthesized(url: str, voice: str, text: str) -> bytes:
    import boto3

    polly = boto3.client(
        "polly", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    sound: bytes = polly.synthesize_speech(VoiceId=voice, Text=text, OutputFormat="pcm")["AudioStream"].read()
    return sound


def keep(answers: list[Spoken]) -> None:
    """Write the answers down."""
    ANSWERS.write_text(json.dumps([asdict(each) for each in answers], ensure_ascii=False, indent=1) + "\n", "utf-8")


def kept() -> list[Spoken]:
    """The answers as they were written down."""
    return [Spoken(**{**each, "moto": tuple(each["moto"])}) for each in json.loads(ANSWERS.read_text("utf-8"))]


def table(answers: list[Spoken], language: str) -> str:
    """One row a sentence."""
    unit = {"en": "s of speech", "ja": "秒の音声"}[language]
    return blocks.table(
        _HEADS[language],
        [
            (
                each.text,
                f"{each.moto[0]} bytes ({each.moto[1]})",
                f"{each.seconds} {unit}",
                f"**{each.heard}**",
            )
            for each in answers
        ],
    )


def pages() -> dict[Path, str]:
    """Each page with its language."""
    return {page: language for page, language in comparison.pages().items() if page.name.startswith("README")}
