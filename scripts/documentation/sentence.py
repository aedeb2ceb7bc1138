"""A sentence taken apart, as a picture: each word with its part of speech, key phrases underlined, Japanese with
readings. SVG; the words and tags are what the engines answer when the script runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

_MARGIN, _GAP, _ROW, _TOP = 24, 8, 112, 56
_LETTER = 9.5

_STYLE = """
  .page { fill: #ffffff; stroke: #d0d7de; }
  text { font: 17px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans JP", "Hiragino Sans", sans-serif;
         fill: #1f2328; text-anchor: middle; }
  .head { font-size: 15px; font-weight: 600; text-anchor: start; }
  .reading { font-size: 11px; fill: #59636e; }
  .tag { font-size: 11px; font-weight: 600; fill: #ffffff; }
  .phrase { stroke: #0a7d5a; stroke-width: 3; stroke-linecap: round; }
  .thing { fill: #0a7d5a; } .deed { fill: #b35900; } .kind { fill: #7048b6; } .glue { fill: #59636e; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .reading { fill: #9198a1; }
    .phrase { stroke: #3fb68b; }
  }
"""
_COLOURS = {
    "thing": ("NOUN", "PROPN", "PRON", "NUM"),
    "deed": ("VERB", "AUX"),
    "kind": ("ADJ", "ADV", "DET"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, its tag, its reading in katakana or nothing, and where it stands."""

    text: str
    tag: str
    reading: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysed:
    """A sentence's heading, words, and key phrases as (begin, end)."""

    heading: str
    pieces: Sequence[Piece]
    phrases: Sequence[tuple[int, int]]


def draw(sentences: Sequence[Analysed]) -> str:
    """The whole file: a row a sentence."""
    width = max(_MARGIN * 2 + sum(_width(piece) + _GAP for piece in one.pieces) for one in sentences)
    height = _ROW * len(sentences) + 40
    told = "; ".join(" ".join(f"{p.text} {p.tag}" for p in one.pieces) for one in sentences)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}"'
        f' height="{height}" role="img" aria-labelledby="title description">',
        '<title id="title">Sentences taken apart: words, parts of speech, key phrases</title>',
        f'<desc id="description">{escape(told)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" x=".5" y=".5" width="{width - 1:.0f}" height="{height - 1}" rx="8"/>',
    ]
    for row, sentence in enumerate(sentences):
        parts += _row(sentence, _TOP + row * _ROW)
    return "\n".join([*parts, "</svg>", ""])


def _row(sentence: Analysed, top: int) -> Iterator[str]:
    yield f'<text class="head" x="{_MARGIN}" y="{top - 24}">{escape(sentence.heading)}</text>'
    x = float(_MARGIN)
    places: list[tuple[Piece, float, float]] = []
    for piece in sentence.pieces:
        wide = _width(piece)
        places.append((piece, x, x + wide))
        middle = x + wide / 2
        if piece.reading:
            yield f'<text class="reading" x="{middle:.1f}" y="{top}">{escape(piece.reading)}</text>'
        yield f'<text x="{middle:.1f}" y="{top + 20}">{escape(piece.text)}</text>'
        yield f'<rect class="{_colour(piece.tag)}" x="{x:.1f}" y="{top + 36}" width="{wide:.1f}" height="18" rx="4"/>'
        yield f'<text class="tag" x="{middle:.1f}" y="{top + 49}">{piece.tag}</text>'
        x += wide + _GAP
    for begin, end in sentence.phrases:
        inside = [place for place in places if place[0].begin < end and place[0].end > begin]
        y = top + 29
        yield f'<line class="phrase" x1="{inside[0][1] + 2:.1f}" y1="{y}" x2="{inside[-1][2] - 2:.1f}" y2="{y}"/>'


def _width(piece: Piece) -> float:
    columns = sum(2 if east_asian_width(letter) in "FW" else 1 for letter in piece.text)
    return max(columns * _LETTER, len(piece.tag) * 8.5 + 8, len(piece.reading) * 11.5) + 2


def _colour(tag: str) -> str:
    return next((name for name, tags in _COLOURS.items() if tag in tags), "glue")
