"""What is said of a picture: labels, things with boxes, colours. Plain values that cross processes."""

from __future__ import annotations

from dataclasses import dataclass

from honmono.engines.vision.pictures import Box


@dataclass(frozen=True, slots=True)
class Instance:
    """One thing of a label's kind.

    Attributes:
        box: where, in shares of the upright picture.
        confidence: that there is such a thing there, 0 to 1.
    """

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Label:
    """What a picture, or a thing in it, is called.

    Attributes:
        name: as Rekognition writes its labels ("Mobile Phone").
        confidence: probability that the picture shows it, 0 to 1; a parent's is at least its child's.
        instances: the things of this kind that were found, surest first; empty where only the picture as a whole was
            judged, and for parents.
        parents: names of all that it is a kind of or stands for, nearest first; each is a label of the picture too.
        categories: the field of life.
        aliases: other names.
    """

    name: str
    confidence: float
    instances: tuple[Instance, ...]
    parents: tuple[str, ...]
    categories: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """How a picture, or a part of it, is taken: each 0 to 100; see `colours.quality`."""

    brightness: float
    sharpness: float
    contrast: float


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour that much of a picture has.

    Attributes:
        red, green, blue: 0 to 255.
        css: the name of the nearest of CSS's named colours ("darkolivegreen").
        simple: one of twelve plain names ("green").
        share: of the pixels, 0 to 1.
    """

    red: int
    green: int
    blue: int
    css: str
    simple: str
    share: float


@dataclass(frozen=True, slots=True)
class Part:
    """The quality and the colours of a part of a picture, most frequent first; none where it has no pixels."""

    quality: Quality | None
    colours: tuple[Colour, ...]


@dataclass(frozen=True, slots=True)
class Properties:
    """The whole picture, the things in front, and what is behind them."""

    whole: Part
    foreground: Part
    background: Part


@dataclass(frozen=True, slots=True)
class Relation:
    """How two things stand to each other: `first` is next to, on, in, or held by … `second`.

    Attributes:
        first, second: places in `Scene.things`.
        kind: "next to", "on", "holding", "wearing", "riding".
        confidence: the lesser of both things' confidences times how well their boxes fit the relation, 0 to 1.
    """

    first: int
    second: int
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing in a scene: its label and where it is."""

    name: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Scene:
    """The things of a picture, surest first, how many there are of each, and their relations."""

    things: tuple[Thing, ...]
    counts: dict[str, int]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was asked of a picture.

    Attributes:
        labels: surest first.
        properties: None where they were not asked for.
    """

    labels: tuple[Label, ...]
    properties: Properties | None
