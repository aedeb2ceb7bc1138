"""The comparison as a picture: four bars for each text, moto's beside ours. SVG, written by hand: text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from unicodedata import east_asian_width

from documentation.answers import SCORES, Answer, Comparison

_WIDTH = 880
_TOP = 80
_ROW = 116
_TEXT_X, _MOTO_X, _OURS_X = 24, 318, 606
_BAR_X, _BAR_WIDTH, _VALUE_X = 70, 130, 240
_LINE_COLUMNS = 34

# Colours for light pages; the second set where the reader's system is dark.
_STYLE = """
  .page { fill: #ffffff; stroke: #d0d7de; }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans JP", "Hiragino Sans", sans-serif;
         fill: #1f2328; }
  .head { font-size: 17px; font-weight: 600; }
  .small, .name { font-size: 12px; fill: #59636e; }
  .label { font-weight: 600; }
  .value { font-size: 12px; font-variant-numeric: tabular-nums; }
  .quote { font-size: 14px; }
  .rule { stroke: #d0d7de; }
  .track { fill: #eff2f5; }
  .moto { fill: #818b98; }
  .ours { fill: #0a7d5a; }
  .other { opacity: .55; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .small, .name { fill: #9198a1; }
    .rule { stroke: #3d444d; }
    .track { fill: #212830; }
    .moto { fill: #9198a1; }
    .ours { fill: #3fb68b; }
  }
"""


def draw(comparison: Comparison) -> str:
    """The whole file."""
    height = _TOP + _ROW * len(comparison.texts) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        ' role="img" aria-labelledby="title description">',
        '<title id="title">The same calls, answered by moto and by Honmono</title>',
        f'<desc id="description">{escape(_description(comparison))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        _text(_TEXT_X, 38, "DetectSentiment", "head"),
        _text(_TEXT_X, 60, "the same call, four texts", "small"),
        _text(_MOTO_X, 38, "moto", "head"),
        _text(_MOTO_X, 60, _summary(comparison.moto), "small"),
        _text(_OURS_X, 38, "Honmono", "head"),
        _text(_OURS_X, 60, _summary(comparison.honmono), "small"),
    ]
    answers = zip(comparison.texts, comparison.moto, comparison.honmono, strict=True)
    for number, ((language, text), moto, ours) in enumerate(answers):
        top = _TOP + number * _ROW
        parts.append(f'<path class="rule" d="M{_TEXT_X} {top}H{_WIDTH - _TEXT_X}"/>')
        parts += _quote(top, language, text)
        parts += _panel(_MOTO_X, top, moto, "moto")
        parts += _panel(_OURS_X, top, ours, "ours")
    parts.append(_text(_TEXT_X, height - 16, _source(comparison), "small"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _quote(top: int, language: str, text: str) -> Iterator[str]:
    lines = list(wrapped(f"「{text}」" if language == "ja" else f"“{text}”"))
    for number, line in enumerate(lines):
        yield _text(_TEXT_X, top + 28 + 20 * number, line, "quote", language)
    yield _text(_TEXT_X, top + 32 + 20 * len(lines), f"LanguageCode={language}", "small")


def _panel(x: int, top: int, answer: Answer, owner: str) -> Iterator[str]:
    if answer.scores is None:
        yield _text(x, top + 28, f"not answered: {answer.sentiment_error}", "label")
        return
    yield _text(x, top + 24, str(answer.sentiment), "label")
    best = max(answer.scores, key=answer.scores.__getitem__)
    for number, name in enumerate(SCORES):
        share = answer.scores[name]
        middle = top + 46 + 19 * number
        kind = owner if name == best else f"{owner} other"
        yield _text(x, middle, name, "name")
        yield f'<rect class="track" x="{x + _BAR_X}" y="{middle - 10}" width="{_BAR_WIDTH}" height="11" rx="2"/>'
        width = share * _BAR_WIDTH
        yield f'<rect class="{kind}" x="{x + _BAR_X}" y="{middle - 10}" width="{width:.1f}" height="11" rx="2"/>'
        yield f'<text class="value" x="{x + _VALUE_X}" y="{middle}" text-anchor="end">{share:.3f}</text>'


def _text(x: int, y: int, text: str, kind: str, language: str | None = None) -> str:
    tongue = f' xml:lang="{language}"' if language else ""
    return f'<text class="{kind}" x="{x}" y="{y}"{tongue}>{escape(text, quote=False)}</text>'


def _summary(answers: tuple[Answer, ...]) -> str:
    if all(answer.scores is None for answer in answers):
        return "no answer"
    different = len({tuple((answer.scores or {}).values()) for answer in answers})
    if different == 1:
        return "the same answer to every text"
    return "its own answer to each text" if different == len(answers) else f"{different} different answers"


def _source(comparison: Comparison) -> str:
    engine = next((answer.engine for answer in comparison.honmono if answer.engine), None)
    ours = f"Honmono {comparison.versions['honmono']}" + (f" ({engine})" if engine else "")
    return f"moto {comparison.versions['moto']}, {ours}, both asked by boto3 over HTTP. Drawn by scripts/comparison."


def _description(comparison: Comparison) -> str:
    answers = zip(comparison.texts, comparison.moto, comparison.honmono, strict=True)
    return " ".join(
        f"{text}: moto {moto.sentiment or moto.sentiment_error}, Honmono {ours.sentiment or ours.sentiment_error}."
        for (_, text), moto, ours in answers
    )


def wrapped(text: str) -> Iterator[str]:
    """Lines of at most 34 columns: broken at spaces, or anywhere where there are none; wide characters are two."""
    line, width = "", 0
    for word in _words(text):
        columns = sum(2 if east_asian_width(character) in "WF" else 1 for character in word)
        if line and width + columns > _LINE_COLUMNS and word not in "。、」":
            yield line.rstrip()
            line, width = "", 0
        line += word
        width += columns
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if east_asian_width(character) in "WF":
            if word:
                yield word
            word = ""
            yield character
        else:
            word += character
            if character == " ":
                yield word
                word = ""
    if word:
        yield word
