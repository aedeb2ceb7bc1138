"""What `honmono demo` runs against a server: the same calls by boto3, answered by it and by moto.

An application as any other: it knows the server by AWS_ENDPOINT_URL alone.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.cli import seeing
from honmono.cli.screen import bar, console
from honmono.cli.speaking import drawn, speak_and_hear
from honmono.words import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

TEXTS = (
    "The lamp came a day early, and its warm light makes the whole room feel like home.",
    "Two weeks later the hinge snapped, and nobody has answered a single one of my letters.",
    "店員さんがとても親切で、料理もおいしく、また来たいと思いました。",
    "電池がすぐに切れるうえに説明書も分かりにくく、買わなければよかった。",
)
_COLOURS = {"POSITIVE": "green", "NEGATIVE": "red", "NEUTRAL": "blue", "MIXED": "yellow"}
_OBJECT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What one server says of a text, in how many milliseconds, and which engines say it.

    A score of None: there was no answer, and the word beside it says why.
    """

    language: str
    language_score: float | None
    sentiment: str
    sentiment_score: float | None
    milliseconds: float
    engines: tuple[str, ...]


def main(texts: list[str]) -> int:
    """Draw the comparison. The answer is the exit code: 1 where the server failed on a call."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    screen = console()
    texts = texts or list(TEXTS)
    try:
        with screen.status(say("Asking Honmono: the first call loads the model …")):
            client = boto3.client("comprehend")
            ours = [read(client, text) for text in texts]
            ours = [read(client, text) for text in texts]  # as a warm server answers
        with screen.status(say("Asking moto the same …")), _moto("comprehend") as stand_in:
            theirs = [read(stand_in, text) for text in texts]
        draw(screen, texts, ours, theirs)
        with screen.status(say("Polly speaks, Transcribe listens: each loads its model …")):
            heard = speak_and_hear()
        screen.print(drawn(heard))
        with screen.status(say("Rekognition looks at two photographs …")):
            seen = seeing.see(boto3.client("rekognition"))
            with _moto("rekognition") as stand_in:
                stood_in = seeing.see(stand_in)
        screen.print(seeing.drawn(seen, stood_in))
        translation = seeing.translate(boto3.client("translate"))
        screen.print(_translated(translation), markup=False)
        with screen.status(say("Storing and fetching an object …")):
            line = store_and_fetch()
    except (ClientError, BotoCoreError, RuntimeError) as error:
        sys.stderr.write(f"honmono: {error}\n")
        return 1
    screen.print(line, markup=False)
    return 0


def read(client: Any, text: str) -> Reading:
    """Ask for a text's language, and for its mood in that language (in English where the language is unknown).

    Raises botocore's errors for what is no answer about the text: the server failed or is gone.
    """
    began = time.perf_counter()
    language, language_score, first = _asked(
        lambda: client.detect_dominant_language(Text=text),
        lambda answer: (answer["Languages"][0]["LanguageCode"], answer["Languages"][0]["Score"]),
    )
    code = language if language_score is not None else "en"
    sentiment, sentiment_score, second = _asked(
        lambda: client.detect_sentiment(Text=text, LanguageCode=code),
        lambda answer: (answer["Sentiment"], answer["SentimentScore"][answer["Sentiment"].capitalize()]),
    )
    milliseconds = (time.perf_counter() - began) * 1000
    engines = tuple(filter(None, (first, second)))
    return Reading(language, language_score, sentiment, sentiment_score, milliseconds, engines)


def _asked(
    call: Callable[[], dict[str, Any]], best: Callable[[dict[str, Any]], tuple[str, float]]
) -> tuple[str, float | None, str]:
    """The best label of an answer with its score and engine, or why there is none."""
    from botocore.exceptions import ClientError

    try:
        answer = call()
    except NotImplementedError:  # moto, in this process
        return say("no answer"), None, ""
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise
        return error.response["Error"]["Code"], None, ""
    label, score = best(answer)
    return label, score, answer["ResponseMetadata"]["HTTPHeaders"].get("x-honmono-engine", "")


def draw(screen: Console, texts: list[str], ours: list[Reading], theirs: list[Reading]) -> None:
    """One row a text: what Honmono says of it, and what moto does."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="DetectDominantLanguage + DetectSentiment", title_justify="left", show_lines=True)
    table.add_column(say("Text"), ratio=3, overflow="fold")
    table.add_column("Honmono", ratio=3)
    table.add_column("moto", ratio=1, style="dim")
    for text, our, their in zip(texts, ours, theirs, strict=True):
        table.add_row(Text(text), _drawn(our), f"{their.language} · {their.sentiment}")
    screen.print(table)
    count, other = (len({(each.language, each.sentiment) for each in readings}) for readings in (ours, theirs))
    engines = ", ".join(dict.fromkeys(engine for our in ours for engine in our.engines))
    screen.print(
        say("{texts} texts: Honmono gave {ours} different answers ({engines}), moto {theirs}.",
            texts=len(texts), ours=count, engines=engines, theirs=other),
        markup=False,
    )  # fmt: skip


def _drawn(our: Reading) -> Text:
    from rich.text import Text

    colour = _COLOURS.get(our.sentiment, "white")
    drawn = Text.assemble((_labelled(our.language, our.language_score), "cyan"), "  ")
    drawn.append(f"{_labelled(our.sentiment, our.sentiment_score)}\n", colour)
    drawn.append(bar(our.sentiment_score or 0.0, 16), colour)
    drawn.append(f"  {our.milliseconds:.0f} ms", "dim")
    return drawn


def _labelled(label: str, score: float | None) -> str:
    return label if score is None else f"{label} {score:.2f}"


def store_and_fetch() -> str:
    """Put an object into a bucket and get it back; the answer is a line about it."""
    import boto3

    s3 = boto3.client("s3")
    bucket, content = f"honmono-demo-{os.getpid()}", os.urandom(_OBJECT_BYTES)
    s3.create_bucket(Bucket=bucket, **_location(s3.meta.region_name))
    began = time.perf_counter()
    s3.put_object(Bucket=bucket, Key="letter.bin", Body=content)
    middle = time.perf_counter()
    fetched = s3.get_object(Bucket=bucket, Key="letter.bin")["Body"].read()
    ended = time.perf_counter()
    s3.delete_object(Bucket=bucket, Key="letter.bin")
    s3.delete_bucket(Bucket=bucket)
    same = hashlib.sha256(fetched).digest() == hashlib.sha256(content).digest()
    return say(
        "S3: 1 MB put in {put:.0f} ms (on the disk, not in memory) and got in {get:.0f} ms, {verdict}.",
        put=(middle - began) * 1000,
        get=(ended - middle) * 1000,
        verdict=say("the same bytes") if same else say("OTHER BYTES"),
    )


def _translated(translation: str | None) -> str:
    text, source, target = seeing.SENTENCE
    if translation is None:
        return say("Translate: nothing that is installed translates {pair}.", pair=f"{source} → {target}")
    return f"Translate {source} → {target}: {text} → {translation}"


def _location(region: str) -> dict[str, Any]:
    return {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}


@contextmanager
def _moto(service: str) -> Iterator[Any]:
    """A client that moto answers, in this process."""
    import boto3
    from moto import mock_aws

    logging.getLogger("moto").setLevel(logging.ERROR)
    with mock_aws():
        # moto stands in for AWS's own addresses only.
        yield boto3.client(service, region_name="us-east-1", endpoint_url=f"https://{service}.us-east-1.amazonaws.com")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
