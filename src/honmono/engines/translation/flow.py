"""Text that flows through marks: a paragraph with some words in bold, a sentence with a link in it.

The marks stay where and what they are; the translation is shared out among the stretches between them. A paragraph is
translated whole, for its grammar's sake; then each marked stretch is looked for, by its own translation, in the whole
one. Where that does not tell where it went, the stretches are translated one by one: less fluent, and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

TranslateAll = Callable[[list[str]], list[str]]
"""Translates texts, in order; blanks and line ends stay where they are."""

_ALIKE = 0.75
"""How alike two stretches must be, by difflib's ratio, to count as the same in another form."""


def translate_flows(flows: Sequence[Sequence[str]], translate: TranslateAll) -> list[list[str]]:
    """Translate paragraphs, each given as its stretches between marks; the answer has as many stretches each.

    >>> english = {"the big house": "la casa grande", "the ": "la ", "big": "grande", " house": " casa"}
    >>> translate_flows([["the ", "big", " house"]], lambda texts: [english[text] for text in texts])
    [['la casa ', 'grande', '']]
    """
    wholes = ["".join(flow) for flow in flows]
    several = [index for index, flow in enumerate(flows) if sum(map(_has_words, flow)) > 1]
    stretches = {stretch for index in several for stretch in flows[index] if _has_words(stretch)}
    wanted = sorted({whole for whole in wholes if _has_words(whole)} | stretches)
    made = dict(zip(wanted, translate(wanted), strict=True))
    answers = []
    for index, (flow, whole) in enumerate(zip(flows, wholes, strict=True)):
        if index in several:
            alone = [_as_small(stretch, made.get(stretch, stretch)) for stretch in flow]
            answers.append(_shared_out(flow, alone, made[whole]) or alone)
        else:
            answers.append([made.get(whole, whole) if _has_words(stretch) else "" for stretch in flow])
            answers[-1] = _with_blanks(flow, answers[-1]) if _has_words(whole) else list(flow)
    return answers


def _with_blanks(flow: Sequence[str], answer: list[str]) -> list[str]:
    """A flow of one stretch with words: the blanks of the others are in the whole translation already, at its edges."""
    at = next(index for index, stretch in enumerate(flow) if _has_words(stretch))
    before, after = "".join(flow[:at]), "".join(flow[at + 1 :])
    text = answer[at].removeprefix(before)
    text = text.removesuffix(after) if after else text
    return [*flow[:at], text, *flow[at + 1 :]]


def _shared_out(flow: Sequence[str], alone: list[str], whole: str) -> list[str] | None:
    """The whole translation cut into the flow's stretches, or None where it is not clear how."""
    # The longest stretch is what runs between the marks; the shorter ones are what is marked.
    order = sorted((index for index in range(len(flow)) if _has_words(flow[index])), key=lambda index: len(flow[index]))
    anchors = [(index, *place) for index in order[:-1] if (place := _place(alone[index].strip(), whole)) is not None]
    for count in range(len(anchors), 0, -1):
        answer = _cut(flow, sorted(anchors[:count]), whole)
        if answer is not None:
            return answer
    return None


def _cut(flow: Sequence[str], anchors: list[tuple[int, int, int]], whole: str) -> list[str] | None:
    """Cut at stretches whose places are known, where between two of them there is one stretch to take what is left."""
    answer = [""] * len(flow)
    at, after = 0, 0
    for index, start, end in [*anchors, (len(flow), len(whole), len(whole))]:
        if start < at:
            return None
        free = [each for each in range(after, index) if _has_words(flow[each])]
        gap = whole[at:start]
        if len(free) > 1 or (not free and _has_words(gap)):
            return None
        places = free or list(range(after, index))
        if places:
            answer[places[0]] = gap
        elif gap and after > 0:  # blanks between two known stretches
            answer[after - 1] += gap
        elif gap:
            start = at
        if index < len(flow):
            answer[index] = whole[start:end]
            at, after = end, index + 1
    return answer


def _as_small(source: str, made: str) -> str:
    """A translation that begins small where its source does: alone it was taken for a sentence."""
    first, begun = source.lstrip()[:1], made.lstrip()[:1]
    if first.islower() and begun.isupper() and not made.lstrip()[1:2].isupper():
        at = len(made) - len(made.lstrip())
        return made[:at] + begun.lower() + made[at + 1 :]
    return made


def _place(text: str, whole: str) -> tuple[int, int] | None:
    """Where in the whole translation a stretch stands that was translated alone, or None where that is not clear.

    Alone it may have another ending: `muy viejo` stands for `muy vieja`.
    """
    start = whole.find(text)
    if start >= 0:
        return (start, start + len(text)) if whole.find(text, start + 1) < 0 else None
    words = [(match.start(), match.end()) for match in re.finditer(r"[^\s.,;:!?]+", whole)]
    count = len(text.split())
    scored = [
        (SequenceMatcher(None, text.casefold(), whole[first[0] : last[1]].casefold()).ratio(), first[0], last[1])
        for first, last in zip(words, words[count - 1 :], strict=False)
    ]
    scored.sort(reverse=True)
    if not scored or scored[0][0] < _ALIKE or (len(scored) > 1 and scored[1][0] > scored[0][0] - 0.1):
        return None
    return scored[0][1], scored[0][2]


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
