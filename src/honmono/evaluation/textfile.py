"""Files of cases by lines: every fault is told with its line and what to do about it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LINE_BYTES = 1 << 20


class DataError(Exception):
    """A file of cases that cannot be used; the message names the file, the line where there is one, and what to do."""

    def __init__(self, file: Path, problem: str, line: int | None = None) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        super().__init__(f"{file}, line {line}: {problem}" if line is not None else f"{file}: {problem}")


def read_lines(file: Path, encoding: str) -> Iterator[str]:
    """The lines with their ends, decoded one by one: so that a wrong byte has a line."""
    try:
        ascii_like = codecs.lookup(encoding).name not in _WIDE and "\n".encode(encoding) == b"\n"
    except LookupError:
        raise DataError(file, f"there is no encoding {encoding!r}; shift_jis, euc_jp, latin-1 are some") from None
    if not ascii_like:
        raise DataError(file, f"{encoding} cannot be read by lines; convert it: iconv -f {encoding} -t utf-8")
    with file.open("rb") as data:
        number = 0
        while raw := data.readline(_LINE_BYTES + 1):
            number += 1
            if len(raw) > _LINE_BYTES:
                raise DataError(file, "the line is longer than 1 MB; is it a text file with one case a line?", number)
            if number == 1:
                if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise DataError(file, "this is UTF-16; convert it: iconv -f utf-16 -t utf-8", 1)
                raw = raw.removeprefix(codecs.BOM_UTF8)
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError as error:
                raise DataError(file, _not_decoded(raw, encoding, error), number) from None


_WIDE = {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7", "iso2022_jp"}


def _not_decoded(raw: bytes, encoding: str, error: UnicodeDecodeError) -> str:
    wrong = f"byte {error.start + 1} (0x{raw[error.start]:02x}) is no {encoding}"
    for guess in ("utf-8", "shift_jis", "euc_jp"):
        if guess != codecs.lookup(encoding).name:
            try:
                raw.decode(guess)
            except UnicodeDecodeError:
                continue
            return f"{wrong}; the line would be good {guess}: name that encoding if it is"
    return f"{wrong}; name the encoding that the file is in, or convert it to UTF-8"


def json_objects(file: Path, lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON Lines, with their lines; empty lines do not count. Raises DataError."""
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DataError(file, f"this is no JSON ({error}); each line must be one object", line) from None
        if not isinstance(found, dict):
            raise DataError(file, f"this is a {type(found).__name__}, not an object; each line must be one", line)
        yield line, found


def value_of(file: Path, line: int, found: dict[str, Any], names: tuple[str, ...], what: str) -> tuple[str, Any]:
    """The first of the fields that there is, and what it holds. Raises DataError."""
    name = next((name for name in names if name in found), None)
    if name is None:
        raise DataError(
            file, f"no field {' or '.join(map(repr, names))} among {', '.join(map(repr, found))}; name the {what}", line
        )
    return name, found[name]


def word_of(file: Path, line: int, found: dict[str, Any], names: tuple[str, ...], what: str) -> str:
    """The same where a text or a whole number is wanted. Raises DataError for anything else, and for an empty text."""
    name, value = value_of(file, line, found, names, what)
    if isinstance(value, int | str) and str(value).strip():
        return str(value)
    raise DataError(file, f"the field {name!r} holds {json.dumps(value)[:60]}, not a {what}", line)


def refuse_half_characters(file: Path, line: int, text: str) -> None:
    """Raises DataError for half of a surrogate pair, which JSON can hold and no text."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise DataError(file, "half of a surrogate pair stands alone in it; take it out", line)
