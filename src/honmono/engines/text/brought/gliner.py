"""GLiNER: a network that finds whatever kinds of names it is asked for, by their names.

Method: Zaratiana et al., GLiNER: Generalist Model for Named Entity Recognition using Bidirectional Transformer, 2023
(https://arxiv.org/abs/2311.08526). The kinds stand in front of the text, each behind a mark; every span of up to
`max_width` words is compared with every kind. Here the span model's ONNX export is run, with the inputs that the
`gliner` package gives it:

    input_ids, attention_mask  int64 (1, tokens)
    words_mask                 int64 (1, tokens): which word of the text a token stands for, from 1; 0 for none
    text_lengths               int64 (1, 1): words
    span_idx, span_mask        int64 (1, words · max_width, 2), bool (1, words · max_width): first and last word
    logits                     float (1, words, max_width, kinds)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.errors import EngineFailed
from honmono.engines.text.brought.directory import ModelDirectory
from honmono.engines.text.brought.sessions import open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    Cut = Callable[[str], "list[tuple[int, int]]"]

_INPUTS = {"input_ids", "attention_mask", "words_mask", "text_lengths", "span_idx", "span_mask"}
_WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")
_OVERLAP = 24
_MOST_WORDS, _MOST_WIDTH = 2048, 64


@dataclass(frozen=True, slots=True)
class GlinerConfig:
    """What gliner_config.json says.

    Attributes:
        width: words of the longest span.
        words: of the longest text.
        entity_mark, text_mark: in front of each kind, and in front of the text.
        pooling: which token of a word stands for it: "first", "last", or all of them ("mean", "max").
    """

    width: int
    words: int
    entity_mark: str
    text_mark: str
    pooling: str

    @classmethod
    def of(cls, directory: ModelDirectory) -> GlinerConfig:
        """Read it. Raises `EngineUnavailable` for a model of another make than the span model with one encoder."""
        config = directory.json("gliner_config.json")
        kind = str(config.get("model_type") or "gliner_uni_encoder_span")
        others = [name for name in ("labels_encoder", "labels_decoder", "relations_layer") if config.get(name)]
        if config.get("span_mode") == "token_level" or others or "uni_encoder_span" not in kind:
            raise directory.refused(
                "is a GLiNER model with token-level spans, two encoders or a decoder: only span models with one encoder are run"
            )
        pooling = config.get("subtoken_pooling", "first")
        if pooling not in ("first", "last", "mean", "max"):
            raise directory.refused(f"has a gliner_config.json with subtoken_pooling {pooling!r}")
        return cls(
            width=_number(directory, config, "max_width", 12, _MOST_WIDTH),
            words=_number(directory, config, "max_len", 384, _MOST_WORDS),
            entity_mark=_mark(directory, config, "ent_token", "<<ENT>>"),
            text_mark=_mark(directory, config, "sep_token", "<<SEP>>"),
            pooling=pooling,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Characters begin … end that are of the kind asked for by that number."""

    kind: int
    begin: int
    end: int
    score: float


class SpanModel:
    """The network and its tokenizer."""

    def __init__(self, directory: ModelDirectory, device: str, threads: int) -> None:
        """Load them. Raises `EngineUnavailable`."""
        from tokenizers import Tokenizer

        self._engine = directory.engine
        self._config = GlinerConfig.of(directory)
        path = directory.tokenizer()
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(path))
            self._tokenizer.no_padding()
            self._tokenizer.no_truncation()
        except Exception as error:
            raise directory.refused(f"has a tokenizer.json that cannot be read: {str(error)[:300]}") from error
        for mark in (self._config.entity_mark, self._config.text_mark):
            if self._tokenizer.token_to_id(mark) is None:
                raise directory.refused(f"has a tokenizer.json that does not know GLiNER's mark {mark}")
        network = directory.network()
        self._session = open_session(directory, network, device, threads)
        inputs = {each.name for each in self._session.get_inputs()}
        outputs = [each.name for each in self._session.get_outputs()]
        if inputs != _INPUTS or "logits" not in outputs:
            raise directory.refused(
                f"has {network.name} with the inputs {', '.join(sorted(inputs))} and the outputs {', '.join(outputs)}; "
                f"GLiNER's span model has {', '.join(sorted(_INPUTS))} and logits"
            )

    def find(self, text: str, kinds: Sequence[str], threshold: float, cut: Cut) -> list[Found]:
        """The spans of which the network is surer than `threshold`, in order and without overlaps: the surest first
        take their place. `cut` gives the words of a text."""
        words = cut(text)
        candidates: list[Found] = []
        for start, stop, keep_from, keep_to in _windows(len(words), self._config.words):
            for first, last, kind, score in self._spans(text, words[start:stop], kinds, threshold):
                # Where two windows overlap, a span is the one's in whose part it begins.
                if keep_from <= start + first < keep_to:
                    candidates.append(Found(kind, words[start + first][0], words[start + last][1], score))
        taken = bytearray(len(text))
        found = []
        for each in sorted(candidates, key=lambda each: (-each.score, each.begin, each.end)):
            if not any(taken[each.begin : each.end]):
                taken[each.begin : each.end] = b"\1" * (each.end - each.begin)
                found.append(each)
        return sorted(found, key=lambda each: each.begin)

    def _spans(
        self, text: str, words: Sequence[tuple[int, int]], kinds: Sequence[str], threshold: float
    ) -> Iterator[tuple[int, int, int, float]]:
        """First word, last word, kind, probability."""
        count, width = len(words), self._config.width
        firsts = np.repeat(np.arange(count, dtype=np.int64), width)
        lasts = firsts + np.tile(np.arange(width, dtype=np.int64), count)
        feed = self._tokens(text, words, kinds) | {
            "text_lengths": np.array([[count]], np.int64),
            "span_idx": np.stack([firsts, lasts], axis=-1)[None],
            "span_mask": (lasts < count)[None],
        }
        # The spans that reach beyond the text point to its first word, as the package's do: the graph gathers by them.
        feed["span_idx"] *= feed["span_mask"][..., None]
        try:
            logits = np.asarray(self._session.run(["logits"], feed)[0], np.float64)
        except Exception as error:  # the runtime's errors have no base of their own
            raise EngineFailed(self._engine, f"its network refused {count} words: {str(error)[:300]}") from error
        expected = (1, count, width, len(kinds))
        if logits.shape != expected:
            raise EngineFailed(self._engine, f"its network gave logits of shape {logits.shape} instead of {expected}")
        if not np.isfinite(logits).all():
            raise EngineFailed(self._engine, "its network gave numbers that are not finite")
        probabilities = 1 / (1 + np.exp(-np.clip(logits[0], -60, 60)))
        for first, more, kind in np.argwhere(probabilities > threshold).tolist():
            if first + more < count:
                yield first, first + more, kind, float(probabilities[first, more, kind])

    def _tokens(self, text: str, words: Sequence[tuple[int, int]], kinds: Sequence[str]) -> dict[str, NDArray[Any]]:
        prompt = [part for kind in kinds for part in (self._config.entity_mark, kind)] + [self._config.text_mark]
        pretokenized = prompt + [text[begin:end] for begin, end in words]
        encoding = self._tokenizer.encode(pretokenized, is_pretokenized=True)
        numbers = encoding.word_ids
        mask = np.zeros(len(numbers), np.int64)
        for place, number in enumerate(numbers):
            if number is None or number < len(prompt):
                continue
            is_first = place == 0 or numbers[place - 1] != number
            is_last = place + 1 == len(numbers) or numbers[place + 1] != number
            if {"first": is_first, "last": is_last}.get(self._config.pooling, True):
                mask[place] = number - len(prompt) + 1
        return {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.ones((1, len(encoding.ids)), np.int64),
            "words_mask": mask[None],
        }


def words(text: str, language: str) -> list[tuple[int, int]]:
    """The words of a text, signs included. Japanese ones are Sudachi's short units, Chinese ones single characters:
    neither is written with spaces."""
    if language == "ja":
        from honmono.engines.text.japanese import analyser

        return [(morpheme.begin, morpheme.end) for morpheme in analyser().morphemes(text)]
    found = [match.span() for match in _WORD.finditer(text)]
    if language.startswith("zh"):
        return [part for begin, end in found for part in _characters(text, begin, end)]
    return found


def _characters(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in re.compile(r"[㐀-鿿𠀀-𿿽]|[^㐀-鿿𠀀-𿿽]+").finditer(text, begin, end)]


def _windows(count: int, most: int) -> Iterator[tuple[int, int, int, int]]:
    """From which word to which to read, and from which to which a span that is kept begins."""
    overlap = min(_OVERLAP, most // 4)
    start = keep_from = 0
    while start < count:
        stop = min(start + most, count)
        keep_to = count if stop == count else stop - overlap // 2
        yield start, stop, keep_from, keep_to
        if stop == count:
            return
        start, keep_from = stop - overlap, keep_to


def _number(directory: ModelDirectory, config: dict[str, Any], name: str, usual: int, most: int) -> int:
    value = config.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise directory.refused(f"has a gliner_config.json whose {name} is {value!r}, not a number from 1 to {most}")
    return value


def _mark(directory: ModelDirectory, config: dict[str, Any], name: str, usual: str) -> str:
    value = config.get(name, usual)
    if not isinstance(value, str) or not value:
        raise directory.refused(f"has a gliner_config.json whose {name} is {value!r}, not a token")
    return value
