"""Topics as a picture: the terms that tell each one, and how much of the collection it is."""

from __future__ import annotations

from collections.abc import Sequence

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.pictures.svg import COLOURS, Drawing, cut

_COLUMNS = 3
_WIDE, _TERM_WIDE, _BAR_WIDE = 260.0, 112.0, 116.0
_ROW, _HEAD, _GAP = 20.0, 34.0, 22.0
_LEFT, _TOP = 24.0, 56.0

Topic = tuple[float, Sequence[tuple[str, float]]]
"""The share of the collection that is about it, 0 to 1, and its terms with their weights."""


def topic_terms(topics: Sequence[Topic], title: str = "Topics") -> str:
    """A panel for each topic: its share, and its terms in the given order with bars as long as their weights.

    Bars of one panel are to scale with each other, not with those of other panels. Raises NotMeasurable: no topics, or
    one without terms.
    """
    if not topics or not all(terms for _, terms in topics):
        raise NotMeasurable("there are no topics to draw, or one has no terms")
    most = max(len(terms) for _, terms in topics)
    high = _HEAD + most * _ROW + _GAP
    columns = min(_COLUMNS, len(topics))
    drawing = Drawing(
        2 * _LEFT + columns * _WIDE,
        _TOP + -(-len(topics) // columns) * high + 8,
        title,
        " ".join(f"Topic {n}: {', '.join(term for term, _ in terms)}." for n, (_, terms) in enumerate(topics)),
    )
    drawing.text(_LEFT, 34, title, "head")
    for number, topic in enumerate(topics):
        row, column = divmod(number, columns)
        _panel(drawing, _LEFT + column * _WIDE, _TOP + row * high, number, topic)
    return drawing.render()


def _panel(drawing: Drawing, left: float, top: float, number: int, topic: Topic) -> None:
    share, terms = topic
    drawing.text(left, top + 16, f"{number:03}: {share:.0%} of all words")
    longest = max(weight for _, weight in terms) or 1.0
    colour = COLOURS[number % len(COLOURS)]
    for place, (term, weight) in enumerate(terms):
        y = top + _HEAD + place * _ROW
        tip = f"{term}: {weight:.4f}"
        drawing.text(left + _TERM_WIDE - 8, y + 4, cut(term, _TERM_WIDE - 12), "small", anchor="end")
        drawing.box(left + _TERM_WIDE, y - 6, max(_BAR_WIDE * weight / longest, 1), 12, colour, opacity=0.8, tip=tip)
