"""Cut a text into the encoder's pieces and know which characters of the text each one is, exactly.

The vocabulary's tokenizer normalises (NFKC) before it cuts, so that a piece's letters need not be the text's: "㈱" is
three pieces, "か" and a combining mark are one, and half-width "ﾌﾟ" is one letter. The offsets here are in the characters
(code points) of the text as it was given.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_SPACE = "▁"


@dataclass(frozen=True, slots=True)
class Piece:
    """A number of the vocabulary and the characters it stands for, without spaces around; begin == end for a piece
    that stands for a space alone."""

    id: int
    begin: int
    end: int


def cut(tokenizer: Tokenizer, text: str) -> list[Piece]:
    """The pieces of `text` in order.

    Where Japanese writing changes its script a piece is cut in two ("日本の" → "日本", "の"): names end there, and the
    vocabulary knows no names. A combining mark belongs to the letter before it.
    """
    text = text.encode(errors="replace").decode()  # a lone surrogate is no text; lengths stay
    encoded = tokenizer.encode(text, add_special_tokens=False)
    # Each of the encoding's attributes is a new list every time that it is asked for.
    ids, tokens, offsets = encoded.ids, encoded.tokens, encoded.offsets
    pieces: list[Piece] = []
    for place, (number, (begin, end)) in enumerate(zip(ids, offsets, strict=True)):
        if tokens[place] == _SPACE:
            pieces.append(Piece(number, begin, begin))
            continue
        following = offsets[place + 1][0] if place + 1 < len(offsets) else len(text)
        while end < following and not text[end].isspace() and unicodedata.category(text[end]) != "Cc":
            end += 1
        while begin < end and text[begin].isspace():
            begin += 1
        while begin < end and text[end - 1].isspace():
            end -= 1
        pieces += _by_script(tokenizer, number, text, begin, end)
    return pieces


def same_word(left: str, right: str) -> bool:
    """Whether two characters beside each other are of one word for sure: letters and digits of an alphabet that sets
    spaces, or katakana."""
    scripts = {_script(left), _script(right)}
    return scripts <= {"katakana", ""} or (
        scripts <= {"other", ""} and not any("가" <= c <= "힣" for c in left + right)
    )


def _by_script(tokenizer: Tokenizer, number: int, text: str, begin: int, end: int) -> Iterator[Piece]:
    cuts = [place for place in range(begin + 1, end) if _changes(text[place - 1], text[place])]
    if not cuts:
        yield Piece(number, begin, end)
        return
    for start, stop in zip([begin, *cuts], [*cuts, end], strict=True):
        known = tokenizer.token_to_id(unicodedata.normalize("NFKC", text[start:stop]))
        if known is not None:
            yield Piece(known, start, stop)
            continue
        inner = tokenizer.encode(text[start:stop], add_special_tokens=False)
        for token, inner_number in zip(inner.tokens, inner.ids, strict=True):
            if token != _SPACE:
                yield Piece(inner_number, start, stop)


def _changes(left: str, right: str) -> bool:
    scripts = (_script(left), _script(right))
    return scripts[0] != scripts[1] and "" not in scripts and not set(scripts) <= {"other", "mark"}


def _script(character: str) -> str:
    """Japanese scripts by name, "mark" for punctuation, "other" for letters and digits, "" for what joins on to any."""
    code = ord(character)
    if character in "ーｰ々〆ヶヵ" or unicodedata.category(character)[0] == "M" or character in "ﾞﾟ":
        return ""
    if 0x3041 <= code <= 0x309F:
        return "hiragana"
    if (0x30A1 <= code <= 0x30FF and character != "・") or 0xFF66 <= code <= 0xFF9D:
        return "katakana"
    if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x3FFFF:
        return "han"
    return "other" if character.isalnum() else "mark"
