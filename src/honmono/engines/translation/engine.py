"""The chain of translators: what a person translated before, a neural model, Apertium, or two steps through a third
language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from honmono.engines.base import Cost, Engine
from honmono.engines.errors import UnsupportedLanguage
from honmono.engines.translation.apertium import Apertium, Mode, installed
from honmono.engines.translation.languages import PIVOTS, PLUG_IN
from honmono.engines.translation.memory import Memory
from honmono.engines.translation.neural import Model, Translator
from honmono.engines.translation.sentences import Piece, pieces
from honmono.engines.translation.terms import Terms
from honmono.engines.translation.translation import Example, Pair, Term, Translation

OURS = Path(__file__).parent / "english_japanese"
_Step = Callable[[list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class _Direct:
    """One translator of one direction."""

    source: str
    target: str
    by: Model | Mode

    @property
    def name(self) -> str:
        return f"apertium {self.by.name}" if isinstance(self.by, Mode) else self.by.name


class TranslationEngine(Engine):
    """Translates by the first of these that knows the direction: the user's models, our own, Apertium, two of them."""

    name: ClassVar[str] = "chain"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = "Apache-2.0 (code), GPL-2.0-or-later (Apertium and its data, as programs of their own)"
    quality: ClassVar[str] = (
        "300 sentences of Debian's package descriptions a direction, chrF (the untranslated text's own in brackets): Apertium "
        "en-es 54.0 (31.2), es-en 59.8 (33.8), fr-es 60.9 (35.6), es-fr 58.1 (34.2), es-pt 65.4 (48.9), pt-es 67.4 (47.0), "
        "es-it 61.3 (37.2), it-es 59.4 (35.6); through Spanish fr-en 55.9 (35.1), en-fr 47.8 (32.1), pt-en 62.8 (36.1), "
        "en-pt 50.8 (32.4), it-en 58.1 (37.0), en-it 49.3 (34.6). Models of yours are not measured here"
    )
    cost: ClassVar[Cost] = Cost(memory_bytes=700 << 20)
    call_timeout: ClassVar[float] = 120.0

    def load(self) -> None:
        """See which directions there are. Models and pipelines are loaded with their first text."""
        described = [Model.of_settings(entry) for entry in self.options.get("models", ())]
        if (OURS / "about.toml").is_file():
            described.append(_ours())
        self._direct: dict[tuple[str, str], _Direct] = {}
        for model in described:
            for source, target in model.pairs:
                self._direct.setdefault((source, target), _Direct(source, target, model))
        for mode in installed():
            self._direct.setdefault((mode.source, mode.target), _Direct(mode.source, mode.target, mode))
        self._apertium = Apertium()
        self._loaded: dict[str, Translator] = {}

    def close(self) -> None:
        """End Apertium's programs."""
        self._apertium.close()

    def pairs(self) -> list[Pair]:
        """Every direction that can be translated, those through a third language last."""
        found = {each: Pair(*each, [step.name]) for each, step in self._direct.items()}
        for pivot in PIVOTS:
            into = [each for each in self._direct.values() if each.target == pivot]
            out_of = [each for each in self._direct.values() if each.source == pivot]
            for first in into:
                for second in out_of:
                    if first.source != second.target:
                        direction = (first.source, second.target)
                        found.setdefault(direction, Pair(*direction, [first.name, second.name]))
        return list(found.values())

    def translate(
        self, texts: list[str], source: str, target: str, terms: list[Term], examples: list[Example]
    ) -> list[Translation]:
        """Translate texts, all from one language into one other.

        Args:
            texts: of any length; sentences of all of them are translated together.
            source, target: codes as AWS writes them.
            terms: whose translation is fixed.
            examples: sentences that people translated before.

        Raises:
            UnsupportedLanguage: no translator that is installed knows the direction.
            EngineUnavailable: the one that does cannot be loaded.
        """
        steps = self._route(source, target)
        memory, fixed = Memory(examples), Terms(terms)
        cut = [list(pieces(text)) for text in texts]
        wanted = {piece.text for each in cut for piece in each if piece.sentence and _has_letters(piece.text)}
        remembered = {text: found for text in wanted if (found := memory.recall(text)) is not None}
        rest = sorted(wanted - remembered.keys())
        made = self._translated(rest, steps, fixed)
        names = [step.name for step in steps]
        return [_joined(each, remembered, made, names) for each in cut]

    def _translated(
        self, sentences: list[str], steps: list[_Direct], terms: Terms
    ) -> dict[str, tuple[str, list[Term]]]:
        if not sentences:
            return {}

        def through(wanted: list[str]) -> list[str]:
            for step in steps:
                wanted = self._step(step, wanted)
            return wanted

        answers = terms.hold(sentences, through) if terms else [(text, []) for text in through(sentences)]
        return dict(zip(sentences, answers, strict=True))

    def _step(self, step: _Direct, sentences: list[str]) -> list[str]:
        if isinstance(step.by, Mode):
            return self._apertium.translate(step.by.name, sentences)
        loaded = self._loaded.get(step.by.name)
        if loaded is None:
            device = str(self.options.get("device", "cpu"))
            loaded = self._loaded[step.by.name] = Translator(step.by, device, self.cost.cores)
        return loaded.translate(sentences, step.source, step.target)

    def _route(self, source: str, target: str) -> list[_Direct]:
        if (source, target) in self._direct:
            return [self._direct[source, target]]
        for pivot in PIVOTS:
            first, second = self._direct.get((source, pivot)), self._direct.get((pivot, target))
            if first is not None and second is not None and source != target:
                return [first, second]
        known = sorted(f"{pair.source}-{pair.target}" for pair in self.pairs())
        raise UnsupportedLanguage(f"{source}-{target}", known, PLUG_IN)


def _joined(
    cut: Iterable[Piece],
    remembered: dict[str, str],
    made: dict[str, tuple[str, list[Term]]],
    steps: list[str],
) -> Translation:
    parts: list[str] = []
    applied: dict[str, Term] = {}
    count, translated = 0, False
    for piece in cut:
        if not piece.sentence:
            parts.append(piece.text)
        elif piece.text in remembered:
            parts.append(remembered[piece.text])
            count += 1
        elif piece.text in made:
            text, terms = made[piece.text]
            parts.append(text)
            applied |= {term.source: term for term in terms}
            translated = True
        else:
            parts.append(piece.text)
    return Translation("".join(parts), steps if translated else [], list(applied.values()), count)


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _ours() -> Model:
    about = tomllib.loads((OURS / "about.toml").read_text())
    tokens = {str(code): str(token) for code, token in about["languages"].items()}
    pairs = tuple((one, other) for one in tokens for other in tokens if one != other)
    return Model(about["name"], OURS, "tag", pairs, tokens)
