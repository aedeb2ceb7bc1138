"""A text as windows of a model's own tokens, each with the characters that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.engines.text.brought.directory import ModelDirectory

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_USUAL = 512
_LONGEST = 8192
_OVERLAP = 64
# RoBERTa and its kin count positions from behind the padding's.
_SHIFTED = {"roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "longformer", "mpnet", "data2vec-text", "luke"}


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens, marks included.

    Attributes:
        ids: numbers in the vocabulary.
        types: segment numbers.
        spans: the characters (code points) of each token, without spaces around; None for a mark.
        is_first, is_last: whether it begins, ends the text.
    """

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int] | None]
    is_first: bool
    is_last: bool

    @property
    def length(self) -> int:
        """Tokens of the text, without marks."""
        return sum(span is not None for span in self.spans)


class Windows:
    """A model's tokenizer, and how long a window may be."""

    def __init__(self, directory: ModelDirectory, config: dict[str, Any]) -> None:
        """Raises `EngineUnavailable` where there is no tokenizer that can be read."""
        from tokenizers import Tokenizer

        path = directory.tokenizer()
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            raise directory.refused(f"has a tokenizer.json that cannot be read: {str(error)[:300]}") from error
        settings = directory.json("tokenizer_config.json") if directory.has("tokenizer_config.json") else {}
        self.most = most_tokens(config, settings)
        self.overlap = min(_OVERLAP, self.most // 4)
        try:
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self.most, stride=self.overlap)
        except Exception as error:
            raise directory.refused(
                f"says that a text has at most {self.most} tokens, too few to cut one: {error}"
            ) from error

    def cut(self, text: str) -> list[Window]:
        """The windows of a text; each but the first begins with the last `overlap` tokens of the one before."""
        text = text.encode(errors="replace").decode()  # a lone surrogate is no text; lengths stay
        first = self._tokenizer.encode(text)
        encodings = [first, *first.overflowing]
        return [
            Window(
                ids=encoding.ids,
                types=encoding.type_ids,
                spans=[
                    None if is_mark else _trimmed(text, begin, end)
                    for (begin, end), is_mark in zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
                ],
                is_first=number == 0,
                is_last=number == len(encodings) - 1,
            )
            for number, encoding in enumerate(encodings)
        ]

    def kept(self, window: Window) -> Iterator[tuple[int, tuple[int, int]]]:
        """The tokens of a window to read, with their characters: of what two windows have, each keeps the half that is
        farther from its edge."""
        tokens = [(place, span) for place, span in enumerate(window.spans) if span is not None]
        start = 0 if window.is_first else self.overlap // 2
        stop = len(tokens) if window.is_last else len(tokens) - self.overlap + self.overlap // 2
        yield from tokens[start:stop]


def most_tokens(config: dict[str, Any], settings: dict[str, Any]) -> int:
    """The longest window that a model takes, by config.json and tokenizer_config.json; 512 where neither says."""
    limits = [_LONGEST]
    said = settings.get("model_max_length")
    if isinstance(said, (int, float)) and not isinstance(said, bool) and 0 < said < 1_000_000:
        limits.append(int(said))
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and not isinstance(positions, bool) and positions > 0:
        limits.append(positions - 2 if config.get("model_type") in _SHIFTED else positions)
    return max(min(limits), 1) if len(limits) > 1 else _USUAL


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin].isspace():
        begin += 1
    while begin < end and text[end - 1].isspace():
        end -= 1
    return begin, end
