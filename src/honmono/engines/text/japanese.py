"""Take Japanese apart into morphemes with their parts of speech: 形態素解析.

Sudachi with its small dictionary (Works Applications; the short units of UniDic) cuts the text and names each
morpheme's class; the classes become the tags of Universal Dependencies by the rules of UD Japanese, most by the
class alone, a few by what stands beside it: 説明 before する is a verb, これから before a comma an adverb.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from honmono.engines.errors import EngineUnavailable

_WINDOW = 8_000
"""Characters analysed at a time: Sudachi takes at most 49,149 bytes."""

_BY_CLASS = {
    "代名詞": "PRON", "副詞": "ADV", "連体詞": "DET", "接続詞": "CCONJ", "感動詞": "INTJ", "形容詞": "ADJ",
    "助動詞": "AUX", "動詞": "VERB", "接頭辞": "NOUN", "形状詞": "ADJ", "記号": "SYM",
}  # fmt: skip
_BY_SUBCLASS = {
    ("助詞", "格助詞"): "ADP", ("助詞", "係助詞"): "ADP", ("助詞", "副助詞"): "ADP", ("助詞", "接続助詞"): "SCONJ",
    ("助詞", "準体助詞"): "SCONJ", ("助詞", "終助詞"): "PART", ("名詞", "固有名詞"): "PROPN", ("名詞", "数詞"): "NUM",
    ("形状詞", "助動詞語幹"): "AUX", ("接尾辞", "動詞的"): "VERB", ("接尾辞", "形容詞的"): "AUX",
    ("接尾辞", "形状詞的"): "ADJ", ("補助記号", "一般"): "SYM", ("補助記号", "ＡＡ"): "SYM",
}  # fmt: skip
_DESCRIBING = frozenset({"大きな", "小さな", "おかしな", "いろんな", "同じ", "単なる", "大した", "様々な"})
_DOING = frozenset({"為る", "する", "出来る", "できる", "致す", "いたす", "なさる", "下さる"})


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A morpheme in its text.

    Attributes:
        text: as written.
        begin: offset of its first character, in code points.
        end: offset after its last.
        tag: of Universal Dependencies ("NOUN").
        classes: Sudachi's six: class, three subclasses, kind and form of inflection.
        lemma: its dictionary form.
        reading: in katakana.
        known: whether the dictionary has it.
    """

    text: str
    begin: int
    end: int
    tag: str
    classes: tuple[str, ...]
    lemma: str
    reading: str
    known: bool


class JapaneseAnalyser:
    """Sudachi in its shortest units. Safe to call from many threads."""

    def __init__(self) -> None:
        try:
            from sudachipy import Dictionary, SplitMode
        except ImportError as error:
            raise EngineUnavailable("sudachi-small", f"{error}; run: pip install 'honmono[text]'") from error
        self._tokenizer: Any = Dictionary(dict="small").tokenizer(SplitMode.A)
        self._lock = threading.Lock()

    def morphemes(self, text: str) -> list[Morpheme]:
        """The morphemes of `text` in order; white space falls out."""
        text = text.encode(errors="replace").decode()  # a lone surrogate is no text
        found: list[Morpheme] = []
        for begin, end in _windows(text):
            with self._lock:
                rows = [
                    (m.surface(), m.begin() + begin, tuple(m.part_of_speech()), m.dictionary_form(), m.reading_form(),
                     not m.is_oov())
                    for m in self._tokenizer.tokenize(text[begin:end])
                ]  # fmt: skip
            rows = [row for row in rows if row[0].strip() and row[2][0] != "空白"]
            for index, (surface, at, classes, lemma, reading, known) in enumerate(rows):
                following = rows[index + 1] if index + 1 < len(rows) else None
                before = rows[index - 1] if index else None
                tag = _tag(
                    surface, classes,
                    before=before[2] if before else None,
                    after=following[2] if following else None,
                    after_lemma=following[3] if following else "",
                )  # fmt: skip
                found.append(Morpheme(surface, at, at + len(surface), tag, classes, lemma, reading, known))
        return found


@cache
def analyser() -> JapaneseAnalyser:
    """The analyser, once a process."""
    return JapaneseAnalyser()


def _windows(text: str) -> list[tuple[int, int]]:
    """Stretches that end after a sentence or a line where one does."""
    cuts = [0]
    while len(text) - cuts[-1] > _WINDOW:
        stretch = text[cuts[-1] : cuts[-1] + _WINDOW]
        last = max(stretch.rfind(sign) for sign in "。！？\n、 ")
        cuts.append(cuts[-1] + (last + 1 if last > 0 else _WINDOW))
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _tag(
    surface: str,
    classes: tuple[str, ...],
    *,
    before: tuple[str, ...] | None,
    after: tuple[str, ...] | None,
    after_lemma: str,
) -> str:
    """The UD tag of a morpheme, by its class and its neighbours'."""
    first, second, third = classes[:3]
    if first == "名詞" and second == "普通名詞":
        return _noun(third, after, after_lemma)
    if first == "連体詞":
        return "ADJ" if surface in _DESCRIBING else "DET"
    if first == "動詞" and second == "非自立可能" and before is not None:
        # 説明 + する: the noun carries the meaning, the verb the inflection.
        does = classes[4].startswith("サ行変格") or surface.startswith(("でき", "出来"))
        if does and before[2] in ("サ変可能", "サ変形状詞可能"):
            return "AUX"
    if first == "形容詞" and second == "非自立可能" and before is not None and before[0] in ("形容詞", "助動詞"):
        return "AUX"
    if first == "助詞" and second == "副助詞" and after is None:
        return "PART"
    tag = _BY_SUBCLASS.get((first, second)) or _BY_CLASS.get(first)
    if tag is not None:
        return tag
    return "PUNCT" if first == "補助記号" else "NOUN"


def _noun(kind: str, after: tuple[str, ...] | None, after_lemma: str) -> str:
    """A common noun may act as a verb, an adjective or an adverb."""
    if after is None:
        return "NOUN"
    if kind in ("サ変可能", "サ変形状詞可能") and after[0] == "動詞" and after_lemma in _DOING:
        return "VERB"
    if kind in ("形状詞可能", "サ変形状詞可能") and after[0] == "助動詞" and after[4].startswith("助動詞-ダ"):
        return "ADJ" if after[5] in ("連体形-一般", "連用形-ニ") else "NOUN"
    if kind == "副詞可能" and after[:2] in (("補助記号", "読点"), ("補助記号", "句点")):
        return "ADV"
    return "NOUN"
