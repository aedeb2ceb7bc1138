"""Photographs with signs in them, whose texts and corners are known: seeded, so that everybody gets the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_sample_images

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float64]

SIGNS = Path(__file__).parent / "image_text_data/signs.txt"
WIDTH, HEIGHT = 960, 720
SIGNS_EACH = 3
STEEPEST = 30
"""Degrees from the horizontal."""


@dataclass(frozen=True)
class Sign:
    """A text and the corners around it, (4, 2) in pixels, from its upper left on around it."""

    text: str
    corners: Corners


@dataclass(frozen=True)
class Scene:
    """A photograph and the signs that were put into it."""

    pixels: Pixels
    signs: tuple[Sign, ...]


def scenes(count: int, seed: int = 1) -> Iterator[Scene]:
    """So many scenes, each of three signs over one of scikit-learn's two photographs."""
    draw = np.random.default_rng(seed)
    texts = SIGNS.read_text().splitlines()
    photographs = load_sample_images().images
    for number in range(count):
        photograph = photographs[number % 2]
        left, top = draw.integers(0, photograph.shape[1] - 480), draw.integers(0, photograph.shape[0] - 360)
        pixels = cv2.resize(
            photograph[top : top + 360, left : left + 480], (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
        )
        signs = []
        for place, text in enumerate(draw.choice(texts, SIGNS_EACH, replace=False)):
            pixels, corners = _with_sign(pixels, str(text), (place + 0.5) * HEIGHT / SIGNS_EACH, draw)
            signs.append(Sign(str(text), corners))
        yield Scene(pixels, tuple(signs))


def _with_sign(pixels: Pixels, text: str, middle: float, draw: np.random.Generator) -> tuple[Pixels, Corners]:
    """A board with a text, turned and seen from a little aside."""
    font, size = cv2.FontFace("uni"), int(draw.integers(20, 44))
    left, top, width, height = cv2.getTextSize((0, 0), text, (0, 0), font, size)
    edge = size // 2
    dark, light = (tuple(draw.integers(*bounds, 3).tolist()) for bounds in ((0, 80), (170, 256)))
    board, ink = (light, dark) if draw.random() < 0.6 else (dark, light)
    sign = np.full((height + 2 * edge, width + 2 * edge, 3), board, np.uint8)
    cv2.putText(sign, text, (edge - left, edge - top), ink, font, size)
    angle = np.radians(draw.uniform(-STEEPEST, STEEPEST))
    longest = min(0.95 * WIDTH / (sign.shape[1] * np.cos(angle) + sign.shape[0]), 1.0)
    room = HEIGHT / SIGNS_EACH / (sign.shape[1] * abs(np.sin(angle)) + sign.shape[0] * np.cos(angle))
    if room < longest:  # flatter where it would reach over its neighbours
        angle = np.sign(angle) * np.arcsin(min(max((HEIGHT / SIGNS_EACH - sign.shape[0]) / sign.shape[1], 0), 0.5))
    scale = min(longest, 1.0)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    around = np.array([[0, 0], [sign.shape[1], 0], [sign.shape[1], sign.shape[0]], [0, sign.shape[0]]], float)
    half = np.array([sign.shape[1], sign.shape[0]]) / 2
    slack = max(WIDTH / 2 - scale * (half[0] * np.cos(angle) + half[1]), 0)
    centre = np.array([WIDTH / 2 + draw.uniform(-slack, slack), middle])
    seen = (around - half) * scale @ turn.T + centre + draw.uniform(-0.06, 0.06, (4, 2)) * sign.shape[0]
    homography = cv2.getPerspectiveTransform(around.astype(np.float32), seen.astype(np.float32))
    shown = cv2.warpPerspective(sign, homography, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full(sign.shape[:2], 255, np.uint8), homography, (WIDTH, HEIGHT))[:, :, None] / 255.0
    blended = (shown * mask + pixels * (1 - mask)).round().astype(np.uint8)
    inner = np.array(
        [[edge, edge], [edge + width, edge], [edge + width, edge + height], [edge, edge + height]], np.float32
    )
    return blended, cv2.perspectiveTransform(inner[None], homography)[0].astype(float)
