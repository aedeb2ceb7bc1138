"""The demo's third part: two photographs through Rekognition, and a sentence through Translate.

As `showcase`: an application that knows the server by AWS_ENDPOINT_URL alone. The photographs come with scikit-learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.words import say

if TYPE_CHECKING:
    from rich.table import Table

PHOTOGRAPHS = ("china.jpg", "flower.jpg")
SENTENCE = ("The house is big and the cat is black.", "en", "es")
_MOST = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """A photograph, and the labels that a server gives it, the surest first, each with its confidence, 0 to 100."""

    name: str
    labels: tuple[tuple[str, float], ...]


def photographs() -> list[tuple[str, bytes]]:
    """Each photograph's name and bytes."""
    import sklearn

    folder = Path(str(sklearn.__file__)).parent / "datasets" / "images"
    return [(name, (folder / name).read_bytes()) for name in PHOTOGRAPHS]


def see(client: Any) -> list[Seen]:
    """DetectLabels of each photograph. Raises botocore's errors."""
    seen = []
    for name, data in photographs():
        labels = client.detect_labels(Image={"Bytes": data}, MaxLabels=_MOST)["Labels"]
        seen.append(Seen(name, tuple((label["Name"], label["Confidence"]) for label in labels)))
    return seen


def translate(client: Any) -> str | None:
    """The sentence in the other language; None where nothing that is installed translates it."""
    from botocore.exceptions import ClientError

    text, source, target = SENTENCE
    try:
        answer = client.translate_text(Text=text, SourceLanguageCode=source, TargetLanguageCode=target)
    except ClientError as error:
        if error.response["Error"]["Code"] == "UnsupportedLanguagePairException":
            return None
        raise
    return str(answer["TranslatedText"])


def drawn(ours: list[Seen], theirs: list[Seen]) -> Table:
    """One row a photograph."""
    from rich.table import Table

    table = Table(title="DetectLabels", title_justify="left", show_lines=True)
    table.add_column(say("Photograph"), ratio=1)
    table.add_column("Honmono", ratio=3)
    table.add_column("moto", ratio=2, style="dim")
    for our, their in zip(ours, theirs, strict=True):
        table.add_row(our.name, told(our), told(their))
    return table


def told(seen: Seen) -> str:
    """The labels in a line."""
    return ", ".join(f"{name} {confidence:.0f}" for name, confidence in seen.labels) or say("nothing")
