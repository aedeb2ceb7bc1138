"""The code that stands in the pages, with the mark above it: `<!-- run -->`, `<!-- file: PATH -->` …"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")]
    if path.name not in ("ACCEPTANCE.md", "DESIGN.md", "STYLE.md")
)
_FENCE = re.compile(r"(?:<!-- (?P<mark>[^\n]*?) -->\n)?```(?P<kind>\w*)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code: where it stands, its mark (empty where it has none), its language."""

    page: Path
    line: int
    mark: str
    kind: str
    code: str

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def fences(page: Path) -> Iterator[Fence]:
    """The blocks of a page, in order."""
    text = page.read_text("utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start("code")) + 1
        yield Fence(page, line, found["mark"] or "", found["kind"], found["code"])


def every(mark: str = "", kind: str = "") -> list[Fence]:
    """The blocks of all pages whose mark begins so, in that language."""
    return [
        fence
        for page in PAGES
        for fence in fences(page)
        if fence.mark.split(":")[0].startswith(mark) and kind in ("", fence.kind)
    ]


def run(code: str, where: str) -> None:
    """Run a block; an expression with a comment of one word behind it must give that word."""
    lines = code.splitlines()
    space: dict[str, object] = {"__name__": "page"}
    for statement in ast.parse(code).body:
        said = re.search(r"#\s*(\w+)$", lines[(statement.end_lineno or 1) - 1])
        if isinstance(statement, ast.Expr) and said:
            value = eval(compile(ast.Expression(statement.value), where, "eval"), space)
            assert str(value) == said[1], f"{where}: {ast.unparse(statement)} gives {value!r}, not {said[1]}"
        else:
            exec(compile(ast.Module([statement], []), where, "exec"), space)
