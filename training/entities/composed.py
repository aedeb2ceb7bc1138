"""Sentences put together from our own patterns (`written/LANGUAGE.txt`) and names that training sentences hold.

The large sets are encyclopedias and posts: the patterns bring the turns of news and letters, and Spanish and Italian.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from training.entities.sources import Sentence, Span

HERE = Path(__file__).parent
LANGUAGES = ("en", "ja", "de", "fr", "es", "it", "pt", "zh")
_SLOTS = {
    "P": "PERSON",
    "L": "LOCATION",
    "O": "ORGANIZATION",
    "I": "COMMERCIAL_ITEM",
    "E": "EVENT",
    "T": "TITLE",
}
_SLOT = re.compile(r"\{([A-Z])\}")
_NAME_LIKE = {
    "PERSON": re.compile(r"[^\W\d_][\w'’.-]*(?: [\w'’.-]+){1,2}"),
    "LOCATION": re.compile(r"[A-ZÀ-Þ][\w'’-]+(?: [\w'’-]+){0,1}"),
    "ORGANIZATION": re.compile(r"[A-ZÀ-Þ][\w'’.&-]*(?: [\w'’.&-]+){0,3}"),
}
_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}")
_BORROWED = {"es": ("wikiann-pt", "wikiann-en", "wikiann-fr"), "it": ("wikiann-fr", "wikiann-en", "wikiann-pt")}
_DAYS = {
    "en": "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday,March,2 May,1998-12-06",
    "de": "Montag,Dienstag,Mittwoch,Freitag,3. Mai",
    "fr": "lundi,mercredi,jeudi,avril,2019",
    "es": "lunes,jueves,viernes,abril,2019",
    "it": "lunedì,giovedì,aprile,2019",
    "pt": "segunda-feira,quinta-feira,abril,2019",
    "ja": "5日,来月,月曜日,2019年,12日",
    "zh": "星期一,五月",
}
_PEOPLES = {
    "en": "French,German,Japanese,Brazilian,Dutch,Indian,Turkish",
    "de": "französische,japanische,türkische,polnische",
    "fr": "allemand,japonais,turc,polonais",
    "es": "francés,japonés,turco,polaco",
    "it": "francese,giapponese,turco,polacco",
    "pt": "francês,japonês,turco,polonês",
    "ja": "",
    "zh": "",
}


class Composer:
    """Fills patterns with names.

    Args:
        sentences: training sentences; only the names in them are used.
    """

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for sentence in sentences:
            for begin, end, kind in sentence.spans:
                name = sentence.text[begin:end]
                if sentence.source == "wikipedia-ja" or (
                    sentence.source.startswith("wikiann") and _NAME_LIKE[kind].fullmatch(name)
                ):
                    found[sentence.source, kind][name] = None
        self._own = _own_names()
        self._found = {key: list(names) for key, names in found.items()}

    def compose(self, language: str, count: int, chance: random.Random) -> list[Sentence]:
        """`count` sentences, patterns and names drawn evenly."""
        patterns = (HERE / "written" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        names = {kind: self._names(language, kind) for kind in _SLOTS.values()}
        return [_fill(chance.choice(patterns), language, names, chance) for _ in range(count)]

    def _names(self, language: str, kind: str) -> Sequence[str]:
        if language in ("ja", "zh"):
            names = self._found["wikipedia-ja", kind]
            return [name for name in names if language == "ja" or _HAN.fullmatch(name)]
        if kind in self._own:
            return self._own[kind]
        sources = _BORROWED.get(language, (f"wikiann-{language}",))
        return [name for source in sources for name in self._found[source, kind]]


def _fill(pattern: str, language: str, names: Mapping[str, Sequence[str]], chance: random.Random) -> Sentence:
    text, spans, last = "", list[Span](), 0
    for match in _SLOT.finditer(pattern):
        text += pattern[last : match.start()]
        last = match.end()
        if match[1] == "N":
            text += str(chance.choice((2, 3, 7, 12, 40, 85, 300, 1200)))
        elif match[1] == "D":
            text += chance.choice(_DAYS[language].split(","))
        elif match[1] == "A":
            text += chance.choice(_PEOPLES[language].split(","))
        else:
            kind = _SLOTS[match[1]]
            name = chance.choice(names[kind])
            if kind == "PERSON" and language not in ("ja", "zh") and chance.random() < 0.2:
                name = name.rpartition(" ")[2]
            quotes = (
                chance.choice(("「」", "『』") if language == "ja" else ('""', "“”", "  ")) if kind == "TITLE" else ""
            )
            text += quotes[:1].strip()
            spans.append((len(text), len(text) + len(name), kind))
            text += name + quotes[1:].strip()
    return Sentence(text + pattern[last:], tuple(spans), language, "composed")


def _own_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    kind = ""
    for line in (HERE / "written" / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line[2:]
        elif line:
            names[kind].append(line)
    return names
