"""Quadrilaterals around text: four corners, of which the first is where the text begins, on its upper edge.

Corners go round in the order upper left, upper right, lower right, lower left *of the text*: of a line that stands on
its head, the first is the lower right one of the picture.
"""

from __future__ import annotations

import math

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


def turned(quad: Quad, quarters: int) -> Quad:
    """The corners as seen after so many quarter turns of the picture to the left."""
    first = quarters % 4
    return (quad[first], quad[(first + 1) % 4], quad[(first + 2) % 4], quad[(first + 3) % 4])


def part(quad: Quad, begin: float, end: float) -> Quad:
    """What lies between two shares of the line's length."""
    upper_left, upper_right, lower_right, lower_left = quad
    return (
        _between(upper_left, upper_right, begin),
        _between(upper_left, upper_right, end),
        _between(lower_left, lower_right, end),
        _between(lower_left, lower_right, begin),
    )


def stands(quad: Quad) -> bool:
    """Whether it is so tall that its text likely runs up or down."""
    across = int(max(math.dist(quad[0], quad[1]), math.dist(quad[2], quad[3])))
    down = int(max(math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2])))
    return down >= 1.5 * across


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
