"""Faces that are drawn: the networks take them for faces, and no picture of a person has to lie in the repository."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 480
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Person:
    """How a drawn person looks; the numbers stretch what an average face has."""

    skin: Colour
    hair: Colour
    iris: Colour
    eyes: float = 1.0
    mouth: float = 1.0
    nose: float = 1.0
    jaw: float = 1.0


ADA = Person((226, 178, 146), (70, 45, 30), (90, 60, 30))
GRACE = Person((140, 95, 70), (25, 20, 20), (50, 30, 20), eyes=0.9, mouth=1.2, nose=1.4, jaw=1.1)
HEDY = Person((240, 205, 180), (190, 150, 80), (70, 110, 150), eyes=1.08, mouth=0.8, nose=0.8, jaw=0.88)


def portrait(person: Person) -> Image.Image:
    """A portrait of `SIDE` pixels a side."""
    image = Image.new("RGB", (SIDE, SIDE), (205, 215, 225))
    draw = ImageDraw.Draw(image)

    def oval(x: float, y: float, across: float, down: float, colour: Colour) -> None:
        draw.ellipse((x - across, y - down, x + across, y + down), fill=colour)

    shade = _shaded(person.skin, 0.5)
    draw.rectangle((0, 430, SIDE, SIDE), fill=(60, 70, 110))
    draw.rectangle((200, 340, 280, 440), fill=_shaded(person.skin, 0.82))
    oval(240, 215, 135, 165, person.hair)
    oval(240, 240, 112 * person.jaw, 150, person.skin)
    oval(240, 120, 105, 50, person.hair)
    for side in (-1, 1):
        x = 240 + side * 46 * person.eyes
        oval(x, 218, 26, 13, _shaded(person.skin, 0.85))
        oval(x, 220, 23, 10, (245, 245, 245))
        oval(x, 220, 10, 10, person.iris)
        oval(x, 220, 5, 5, (10, 10, 10))
        brow = (x - 28, 196, x - 8, 188, x + 10, 188, x + 28, 197)
        draw.line(brow, fill=_shaded(person.hair, 0.8), width=8)
        draw.arc((x - 25, 206, x + 25, 236), 190, 350, fill=shade, width=3)
    wide = 18 * person.nose
    draw.polygon([(240, 215), (240 - wide, 282), (240 + wide, 282)], fill=_shaded(person.skin, 0.93))
    oval(240, 280, 20 * person.nose, 11, _shaded(person.skin, 0.9))
    for x in (231, 249):
        oval(x, 284, 5, 3, shade)
    oval(240, 328, 40 * person.mouth, 13, (176, 82, 82))
    half = 38 * person.mouth
    draw.line((240 - half, 328, 240 + half, 328), fill=(110, 40, 40), width=3)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(1.6)), np.float32)
    light = 1.08 - 0.25 * np.abs(np.arange(SIDE) - SIDE * 0.42) / SIDE
    return Image.fromarray(np.clip(pixels * light[None, :, None], 0, 255).astype(np.uint8))


def group(*people: Person) -> Image.Image:
    """People beside each other."""
    image = Image.new("RGB", (SIDE * len(people), SIDE))
    for number, person in enumerate(people):
        image.paste(portrait(person), (SIDE * number, 0))
    return image


def as_file(image: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """The image as a file's bytes."""
    written = BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def _shaded(colour: Colour, share: float) -> Colour:
    red, green, blue = (int(value * share) for value in colour)
    return red, green, blue
