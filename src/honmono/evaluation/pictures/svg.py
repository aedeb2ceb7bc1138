"""What all pictures are drawn with: SVG whose text stays text, readable on light and dark pages."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from unicodedata import combining, east_asian_width

# Colours for light pages; the second set where the reader's system is dark.
_STYLE = """
  .page { fill: #ffffff; stroke: #d0d7de; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans JP", "Hiragino Sans", "Yu Gothic",
         sans-serif; fill: #1f2328; }
  .head { font-size: 16px; font-weight: 600; }
  .small { font-size: 12px; fill: #59636e; }
  .number { font-size: 12px; font-variant-numeric: tabular-nums; }
  .grid { stroke: #d0d7de; fill: none; }
  .empty { fill: #f6f8fa; }
  .first { fill: #0a7d5a; } .second { fill: #b35900; } .third { fill: #0969da; } .fourth { fill: #8250df; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .line.first { stroke: #0a7d5a; fill: none; } .line.second { stroke: #b35900; fill: none; }
  .line.third { stroke: #0969da; fill: none; } .line.fourth { stroke: #8250df; fill: none; }
  .ideal { stroke: #818b98; stroke-dasharray: 4 4; fill: none; }
  .band { opacity: .18; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .empty { fill: #151b23; }
    .first { fill: #3fb68b; } .second { fill: #e0853d; } .third { fill: #58a6ff; } .fourth { fill: #b48bf2; }
    .line.first { stroke: #3fb68b; } .line.second { stroke: #e0853d; }
    .line.third { stroke: #58a6ff; } .line.fourth { stroke: #b48bf2; }
  }
"""
COLOURS = ("first", "second", "third", "fourth")
_LETTER, _WIDE_LETTER = 7.4, 13.5


class Drawing:
    """A picture that grows by what is put on it. Lengths are pixels from the upper left corner."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        """`description` says what is to be seen, for those who do not see it."""
        self.width, self.height = round(width), round(height)
        self._title, self._description = title, description
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, text: str, kind: str = "", *, anchor: str = "start", turned: bool = False
    ) -> None:
        """A line of text whose base line is at `y`; `turned` runs it upwards."""
        turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
        self._parts.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{escape(text, quote=False)}</text>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, kind: str, *, opacity: float = 1, tip: str = ""
    ) -> None:
        """A filled rectangle; `tip` is shown where a pointer rests on it."""
        inner = f"<title>{escape(tip, quote=False)}</title>" if tip else ""
        self._parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            f' opacity="{opacity:.3f}">{inner}</rect>'
        )

    def line(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        """A line through the points."""
        self._parts.append(f'<path class="{kind}" d="M{_path(points)}"/>')

    def area(self, points: Iterable[tuple[float, float]], kind: str) -> None:
        """The filled area within the points."""
        self._parts.append(f'<path class="{kind}" d="M{_path(points)}Z"/>')

    def dot(self, x: float, y: float, kind: str, *, radius: float = 4, tip: str = "") -> None:
        """A filled circle."""
        inner = f"<title>{escape(tip, quote=False)}</title>" if tip else ""
        self._parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">{inner}</circle>')

    def pixels(self, x: float, y: float, width: float, height: float, png: bytes) -> None:
        """A PNG within the file, stretched to the box; each of its pixels stays a rectangle with hard edges."""
        data = b64encode(png).decode()
        self._parts.append(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" preserveAspectRatio="none"'
            f' style="image-rendering:pixelated" href="data:image/png;base64,{data}"/>'
        )

    def render(self) -> str:
        """The whole file."""
        title, description = escape(self._title, quote=True), escape(self._description, quote=False)
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
                f' width="{self.width}" height="{self.height}" role="img" aria-label="{title}">',
                f"<desc>{description}</desc>",
                f"<style>{_STYLE}</style>",
                f'<rect class="page" x=".5" y=".5" width="{self.width - 1}" height="{self.height - 1}" rx="8"/>',
                *self._parts,
                "</svg>\n",
            ]
        )


class Plot:
    """A part of a drawing with two axes."""

    def __init__(
        self,
        drawing: Drawing,
        box: tuple[float, float, float, float],
        x: tuple[float, float],
        y: tuple[float, float],
    ) -> None:
        """`box`: left, top, width, height in pixels; `x` and `y`: the values at the ends of the axes."""
        self.drawing = drawing
        self.left, self.top, self.wide, self.high = box
        self._x, self._y = x, y

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of these values lies on the drawing."""
        across = (x - self._x[0]) / (self._x[1] - self._x[0])
        up = (y - self._y[0]) / (self._y[1] - self._y[0])
        return self.left + across * self.wide, self.top + (1 - up) * self.high

    def axes(
        self,
        x_title: str,
        y_title: str,
        x_ticks: Iterable[tuple[float, str]],
        y_ticks: Iterable[tuple[float, str]],
    ) -> None:
        """Draw the grid, the ticks with their words, and the titles."""
        for value, word in x_ticks:
            x, bottom = self.at(value, self._y[0])
            self.drawing.line([(x, bottom), (x, self.top)], "grid")
            self.drawing.text(x, bottom + 18, word, "small", anchor="middle")
        for value, word in y_ticks:
            left, y = self.at(self._x[0], value)
            self.drawing.line([(left, y), (left + self.wide, y)], "grid")
            self.drawing.text(left - 8, y + 4, word, "small", anchor="end")
        self.drawing.text(self.left + self.wide / 2, self.top + self.high + 40, x_title, "small", anchor="middle")
        self.drawing.text(self.left - 44, self.top + self.high / 2, y_title, "small", anchor="middle", turned=True)


TENTHS = tuple((tenth / 10, f"{tenth / 10:g}") for tenth in range(0, 11, 2))


def width(text: str) -> float:
    """About how many pixels a text of 13 pixels takes."""
    return sum(
        0 if combining(character) else _WIDE_LETTER if east_asian_width(character) in "WF" else _LETTER
        for character in text
    )


def cut(text: str, most: float) -> str:
    """The text, with an ellipsis where it would take more than `most` pixels."""
    if width(text) <= most:
        return text
    while text and width(f"{text}…") > most:
        text = text[:-1]
    return f"{text}…"


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
