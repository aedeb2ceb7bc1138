"""RegionsOfInterest: what lies more than half in one of them is told.

Source: RegionOfInterest in AWS's API reference.
"""

from __future__ import annotations

from collections.abc import Sequence

from honmono.services.rekognition.part import Request, invalid

Point = tuple[float, float]


class Region:
    """A convex or concave polygon in shares of a picture."""

    def __init__(self, corners: Sequence[Point]) -> None:
        self._corners = list(corners)

    def has_most_of(self, shape: Sequence[Point]) -> bool:
        """Whether more than half of a convex shape's area lies within."""
        whole = _area(shape)
        return whole > 0 and _area(_clipped(self._corners, shape)) > whole / 2


def regions_of(requested: list[Request]) -> list[Region]:
    """The regions of a request.

    Raises ServiceError InvalidParameterException: one has not exactly a box or a polygon, or no area.
    """
    return [_region(each, number) for number, each in enumerate(requested, 1)]


def _region(requested: Request, number: int) -> Region:
    if ("BoundingBox" in requested) == ("Polygon" in requested):
        raise invalid(f"RegionsOfInterest {number} takes either BoundingBox or Polygon.")
    if "Polygon" in requested:
        corners = [(point.get("X", 0.0), point.get("Y", 0.0)) for point in requested["Polygon"]]
        if len(corners) < 3:
            raise invalid(f"RegionsOfInterest {number}: a Polygon needs at least 3 points.")
    else:
        box = requested["BoundingBox"]
        missing = [name for name in ("Left", "Top", "Width", "Height") if name not in box]
        if missing:
            raise invalid(f"RegionsOfInterest {number}: BoundingBox lacks {', '.join(missing)}.")
        left, top, right, bottom = box["Left"], box["Top"], box["Left"] + box["Width"], box["Top"] + box["Height"]
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if not all(0 <= value <= 1 for corner in corners for value in corner) or _area(corners) == 0:
        raise invalid(f"RegionsOfInterest {number} must lie within the image, from 0 to 1, and have an area.")
    return Region(corners)


def _area(corners: Sequence[Point]) -> float:
    """Of a polygon, by the shoelace formula."""
    pairs = zip(corners, [*corners[1:], *corners[:1]], strict=True)
    return abs(sum(x * after_y - after_x * y for (x, y), (after_x, after_y) in pairs)) / 2


def _clipped(subject: Sequence[Point], convex: Sequence[Point]) -> list[Point]:
    """What of a polygon lies within a convex one.

    Method: Sutherland and Hodgman, Reentrant polygon clipping, Communications of the ACM 17 (1974).
    """
    inside_is_left = sum(
        (x * after_y - after_x * y) for (x, y), (after_x, after_y) in zip(convex, [*convex[1:], convex[0]], strict=True)
    )
    found = list(subject)
    for begin, end in zip(convex, [*convex[1:], convex[0]], strict=True):
        edge = (begin, end) if inside_is_left > 0 else (end, begin)
        waiting, found = found, []
        for here, after in zip(waiting, [*waiting[1:], *waiting[:1]], strict=True):
            side, after_side = _side(edge, here), _side(edge, after)
            if side >= 0:
                found.append(here)
            if side * after_side < 0:
                share = side / (side - after_side)
                found.append((here[0] + (after[0] - here[0]) * share, here[1] + (after[1] - here[1]) * share))
    return found


def _side(edge: tuple[Point, Point], point: Point) -> float:
    (x, y), (to_x, to_y) = edge
    return (to_x - x) * (point[1] - y) - (to_y - y) * (point[0] - x)
