"""Pictures for tests: real ones that scikit-learn ships, and drawn ones."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import Image


@cache
def flower() -> bytes:
    """A dahlia in scikit-learn's package, JPEG, 640 × 427."""
    return (files("sklearn.datasets.images") / "flower.jpg").read_bytes()


@cache
def palace() -> bytes:
    """The Summer Palace in scikit-learn's package, JPEG, 640 × 427."""
    return (files("sklearn.datasets.images") / "china.jpg").read_bytes()


def plain(colour: str, width: int = 64, height: int = 48, form: str = "PNG") -> bytes:
    """A picture of one colour."""
    return encoded(Image.new("RGB", (width, height), colour), form)


def halves(left: str, right: str, side: int = 128) -> bytes:
    """A picture of two colours, side by side."""
    image = Image.new("RGB", (side, side), left)
    image.paste(Image.new("RGB", (side // 2, side), right), (side // 2, 0))
    return encoded(image)


def encoded(image: Image.Image, form: str = "PNG") -> bytes:
    """An image's file."""
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()
