"""Scenes for a detector: cut-outs of photographs, turned, scaled, lit and put on photographs, with their boxes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

SIZE = (640, 480)
_SIDES = (60, 240)
_TURN = 20
_LIGHT = (0.7, 1.2)
_TRIES = 20
_COVERED = 0.1

Box = tuple[float, float, float, float]
"""Left, top, width and height in shares of the scene."""


@dataclass(frozen=True)
class Scene:
    """A picture and its objects: the number of the class, and where."""

    pixels: NDArray[np.uint8]
    objects: list[tuple[int, Box]]


def cutout(path: Path) -> Image.Image:
    """A picture without its transparent margin."""
    picture = Image.open(path).convert("RGBA")
    return picture.crop(picture.getchannel("A").point(lambda value: 255 if value > 40 else 0).getbbox())


def make(
    classes: Sequence[Sequence[Image.Image]],
    others: Sequence[Image.Image],
    backgrounds: Sequence[Image.Image],
    count: int,
    seed: int,
) -> list[Scene]:
    """So many scenes, each with one to three objects and up to two other things."""
    chance = random.Random(seed)
    return [_scene(classes, others, chance.choice(backgrounds), chance) for _ in range(count)]


def _scene(
    classes: Sequence[Sequence[Image.Image]],
    others: Sequence[Image.Image],
    background: Image.Image,
    chance: random.Random,
) -> Scene:
    scene = _part(background, chance)
    things = [
        (place, chance.choice(classes[place]))
        for place in (chance.randrange(len(classes)) for _ in range(chance.randint(1, 3)))
    ]
    things += [(-1, chance.choice(others)) for _ in range(chance.randint(0, 2))]
    chance.shuffle(things)
    taken: list[tuple[int, int, int, int]] = []
    objects: list[tuple[int, Box]] = []
    for place, thing in things:
        colours, alpha = _changed(thing, chance)
        for _ in range(_TRIES):
            left = chance.randint(0, max(0, SIZE[0] - colours.width))
            top = chance.randint(0, max(0, SIZE[1] - colours.height))
            box = (left, top, left + colours.width, top + colours.height)
            if all(_common(box, other) <= _COVERED * colours.width * colours.height for other in taken):
                scene.paste(colours, (left, top), alpha)
                taken.append(box)
                if place >= 0:
                    objects.append(
                        (place, (left / SIZE[0], top / SIZE[1], colours.width / SIZE[0], colours.height / SIZE[1]))
                    )
                break
    return Scene(np.asarray(scene), objects)


def _part(background: Image.Image, chance: random.Random) -> Image.Image:
    width = chance.randint(int(background.width * 0.4), background.width)
    height = min(background.height, int(width * SIZE[1] / SIZE[0]))
    width = int(height * SIZE[0] / SIZE[1])
    left, top = chance.randint(0, background.width - width), chance.randint(0, background.height - height)
    return background.crop((left, top, left + width, top + height)).resize(SIZE, Image.Resampling.LANCZOS)


def _changed(thing: Image.Image, chance: random.Random) -> tuple[Image.Image, Image.Image]:
    scale = chance.uniform(*_SIDES) / max(thing.size)
    changed = thing.resize(
        (max(1, round(thing.width * scale)), max(1, round(thing.height * scale))), Image.Resampling.LANCZOS
    )
    if chance.random() < 0.5:
        changed = changed.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    changed = changed.rotate(chance.uniform(-_TURN, _TURN), Image.Resampling.BICUBIC, expand=True)
    changed = changed.crop(changed.getchannel("A").getbbox())
    lit = ImageEnhance.Brightness(changed.convert("RGB")).enhance(chance.uniform(*_LIGHT))
    return lit, changed.getchannel("A")


def _common(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> int:
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return max(0, across) * max(0, down)
