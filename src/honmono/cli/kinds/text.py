"""A text: its language and its mood."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from honmono.cli.kinds import Sample
from honmono.cli.screen import bar
from honmono.engines.errors import UnsupportedLanguage
from honmono.words import say

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from honmono.engines.host import EngineHost
    from honmono.engines.text.language import LanguageScore
    from honmono.engines.text.sentiment import Sentiment

_BYTES = 5_000  # as much as Comprehend takes for a sentiment
_COLOURS = {"POSITIVE": "green", "NEGATIVE": "red", "NEUTRAL": "blue", "MIXED": "yellow"}
_SHOWN_LANGUAGES = 3
_SHOWN_PERSONAL = 8


class Text:
    """Text in UTF-8."""

    def recognises(self, sample: Sample) -> bool:
        """Whether it is UTF-8 without control characters; a character cut off at the end is forgiven."""
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(sample.head)
        except UnicodeDecodeError:
            return False
        return bool(text.strip()) and not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)

    def show(self, sample: Sample, engines: EngineHost, screen: Console) -> None:
        """Draw the likeliest languages and the four moods as bars."""
        from rich.panel import Panel
        from rich.text import Text as Drawn

        text = sample.read(_BYTES).decode("utf-8", "ignore")
        languages = engines.get("language").identify(text)
        parts: list[RenderableType] = [Drawn(text if len(text) <= 300 else f"{text[:300]}…", style="italic"), ""]
        parts += [_languages(languages[:_SHOWN_LANGUAGES], engines.identity("language")), ""]
        parts += _personal(text, languages[0].code, engines)
        try:
            mood = engines.get("sentiment").classify.one(text, languages[0].code)
            parts.append(_moods(mood, engines.identity("sentiment")))
        except UnsupportedLanguage as error:
            parts.append(Drawn(say("Sentiment: {reason}", reason=error), style="dim"))
        from rich.console import Group

        screen.print(Panel(Group(*parts), title=sample.name, title_align="left", width=min(screen.width, 88)))


def _personal(text: str, language: str, engines: EngineHost) -> list[RenderableType]:
    """A line with the types of personal data in the text; none where there is none or no rules for the language."""
    from rich.text import Text as Drawn

    try:
        found = engines.get("pii").detect.one(text, language)
    except UnsupportedLanguage:
        return []
    if not found:
        return []
    values = "  ".join(f"{entity.type} {text[entity.begin : entity.end]!r}" for entity in found[:_SHOWN_PERSONAL])
    return [Drawn(f"{say('Personal data')}: {values}", style="bold"), Drawn(engines.identity("pii"), style="dim"), ""]


def _languages(languages: list[LanguageScore], engine: str) -> RenderableType:
    return _bars(say("Language"), engine, [(each.code, each.score, "cyan") for each in languages])


def _moods(mood: Sentiment, engine: str) -> RenderableType:
    rows = [("POSITIVE", mood.positive), ("NEGATIVE", mood.negative), ("NEUTRAL", mood.neutral), ("MIXED", mood.mixed)]
    return _bars(
        f"{say('Sentiment')}: {mood.label}",
        engine,
        [(name, share, _COLOURS[name] if name == mood.label else "dim") for name, share in rows],
    )


def _bars(title: str, engine: str, rows: list[tuple[str, float, str]]) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(width=10)
    table.add_column(width=5, justify="right")
    table.add_column(width=24)
    table.add_column(style="dim")
    for index, (name, share, colour) in enumerate(rows):
        table.add_row(name, f"{share:.2f}", f"[{colour}]{bar(share)}[/{colour}]", engine if index == 0 else "")
    whole = Table.grid()
    whole.add_row(f"[bold]{title}[/bold]")
    whole.add_row(table)
    return whole
