"""Generated blocks of a page: the text between `<!-- NAME: written by WHO -->` and `<!-- /NAME -->`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class BlockMissing(LookupError):
    """The page has no such block, or an open one."""


def read(page: Path, name: str) -> str:
    """The text of a block, without the line ends around it.

    Raises BlockMissing.
    """
    return _find(page.read_text("utf-8"), page, name).group("text").strip("\n")


def write(page: Path, name: str, text: str) -> bool:
    """Replace a block's text; whether that changed the page.

    Raises BlockMissing.
    """
    old = page.read_text("utf-8")
    found = _find(old, page, name)
    new = old[: found.start("text")] + f"\n{text.strip()}\n" + old[found.end("text") :]
    if new != old:
        page.write_text(new, "utf-8")
    return new != old


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown. A bar within a cell is escaped."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(heads), "|" + "---|" * len(heads), *map(line, rows)])


def _find(text: str, page: Path, name: str) -> re.Match[str]:
    found = re.search(rf"<!-- {re.escape(name)}: [^\n]*-->(?P<text>.*?)<!-- /{re.escape(name)} -->", text, re.DOTALL)
    if found is None:
        raise BlockMissing(f"{page.relative_to(ROOT)} has no block <!-- {name}: … --> … <!-- /{name} -->")
    return found
