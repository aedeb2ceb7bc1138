"""HTML translated: the text that people read, and nothing of the markup.

The file is cut into tags and text without being repaired: what browsers forgive is passed through. Scripts, styles,
comments and what says `translate="no"` stay as they are. Text runs on through inline tags (b, a, span …) as a sentence
does; any other tag ends a paragraph.

Source: HTML Living Standard, 13.2.5 (tokenization), 3.2.6.2 (the translate attribute).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from honmono.engines.translation.flow import TranslateAll, translate_flows

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?][^>]*(?:>|\Z)|</?[A-Za-z](?:[^>\"']|\"[^\"]*\"|'[^']*')*(?:>|\Z)",
    re.DOTALL,
)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
_RAW = frozenset(
    {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "template", "svg", "math"}
)
_SPOKEN_RAW = frozenset({"title"})
_KEPT = frozenset({"code", "kbd", "samp", "pre", "var"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_NO = re.compile(
    r"\stranslate\s*=\s*(?:\"no\"|'no'|no(?=[\s/>]))|\sclass\s*=\s*[\"'][^\"']*\bnotranslate\b", re.IGNORECASE
)


@dataclass(slots=True)
class _Token:
    text: str
    tag: str = ""
    """The name of a tag in small letters; empty for text; `!` for comments and declarations."""
    closes: bool = False
    spoken: bool = False
    """Whether it is text to translate."""


def translate_html(page: str, translate: TranslateAll) -> str:
    """Translate a page or a part of one."""
    tokens = list(_tokens(page))
    places = _paragraphs(tokens)
    texts = [[html.unescape(tokens[index].text) for index in each] for each in places]
    for indices, stretches in zip(places, translate_flows(texts, translate), strict=True):
        for index, stretch in zip(indices, stretches, strict=True):
            tokens[index].text = html.escape(stretch, quote=False).replace("\xa0", "&nbsp;")
    return "".join(token.text for token in tokens)


def _tokens(page: str) -> Iterator[_Token]:
    at, raw = 0, ""
    open_silent: list[str] = []
    for found in _TAG.finditer(page):
        if found.start() < at:
            continue
        if raw and not re.match(rf"</{re.escape(raw)}[\s/>]", found[0], re.IGNORECASE):
            continue
        if found.start() > at:
            spoken = not open_silent and (not raw or raw in _SPOKEN_RAW)
            yield _Token(page[at : found.start()], spoken=spoken)
        at = found.end()
        name = _NAME.match(found[0])
        if name is None:
            yield _Token(found[0], "!")
            continue
        tag, closes = name[1].lower(), found[0].startswith("</")
        yield _Token(found[0], tag, closes)
        if closes:
            raw = ""
            if open_silent and open_silent[-1] == tag:
                open_silent.pop()
        elif open_silent:
            if tag == open_silent[-1] and tag not in _VOID:
                open_silent.append(tag)
        elif tag not in _VOID and (tag in _KEPT or _NO.search(found[0])):
            open_silent.append(tag)
        if not closes and tag in _RAW and not found[0].endswith("/>"):
            raw = tag
    if at < len(page):
        yield _Token(page[at:], spoken=not open_silent and not raw)


def _paragraphs(tokens: list[_Token]) -> list[list[int]]:
    """The texts of each paragraph, by their place among the tokens."""
    places: list[list[int]] = []
    now: list[int] = []
    for index, token in enumerate(tokens):
        if token.tag == "":
            if token.spoken:
                now.append(index)
            elif now:
                places.append(now)
                now = []
        elif token.tag not in _INLINE and token.tag != "!" and now:
            places.append(now)
            now = []
    if now:
        places.append(now)
    return places
