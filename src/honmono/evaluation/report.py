"""What was measured, written down: as JSON for programs, Markdown for a repository, one HTML page for people."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from honmono.evaluation.intervals import Interval

Cell = str | int | float | Interval | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. A cell is a word, a number, a figure with its interval, or None: there is none.

    Attributes:
        name: what JSON calls it.
        title: what people read above it.
        note: what one must know to read it.
    """

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG picture; `name` becomes its file's name."""

    name: str
    title: str
    svg: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, on what, by what.

    Attributes:
        title: one line.
        facts: the circumstances: data and its hash, engine, seed …; enough to do it again.
        tables: the figures.
        pictures: shown below the tables.
        notes: what limits what the figures say.
    """

    title: str
    facts: Mapping[str, str | int | float]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    def table(self, name: str) -> Table:
        """The table of that name. Raises KeyError."""
        return {table.name: table for table in self.tables}[name]

    def to_json(self) -> str:
        """Everything but the pictures; a figure without a value is null."""
        body = {
            "title": self.title,
            "facts": dict(self.facts),
            "tables": {
                table.name: [dict(zip(table.heads, map(_plain, row), strict=True)) for row in table.rows]
                for table in self.tables
            },
            "pictures": [picture.name for picture in self.pictures],
            "notes": list(self.notes),
        }
        return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_markdown(self) -> str:
        """The report with links to the pictures' files beside it."""
        parts = [f"# {_level(self.title)}"]
        parts.append(_grid(("", ""), [(name, value) for name, value in self.facts.items()]))
        for table in self.tables:
            parts += [f"## {_level(table.title)}", _grid(table.heads, table.rows)]
            if table.note:
                parts.append(table.note)
        parts += [f"![{_level(picture.title)}]({picture.name}.svg)" for picture in self.pictures]
        parts += [f"- {note}" for note in self.notes]
        return "\n\n".join(parts) + "\n"

    def to_html(self) -> str:
        """One page that needs nothing else: no script, no font, no file beside it."""
        body = [f"<h1>{escape(self.title)}</h1>"]
        facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(shown(value))}</dd>" for name, value in self.facts.items())
        body.append(f"<dl>{facts}</dl>")
        body += [_section(table) for table in self.tables]
        body += [f"<figure>{picture.svg}</figure>" for picture in self.pictures]
        if self.notes:
            body.append("<ul>" + "".join(f"<li>{escape(note)}</li>" for note in self.notes) + "</ul>")
        return _PAGE.format(title=escape(self.title), body="\n".join(body))

    def write(self, folder: Path) -> Path:
        """Write report.html, report.md, report.json and the pictures; the answer is the page's path.

        The folder is made where it is missing; reports in it are replaced. Raises OSError.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for picture in self.pictures:
            (folder / f"{picture.name}.svg").write_text(picture.svg, "utf-8")
        (folder / "report.json").write_text(self.to_json(), "utf-8")
        (folder / "report.md").write_text(self.to_markdown(), "utf-8")
        page = folder / "report.html"
        page.write_text(self.to_html(), "utf-8")
        return page


def shown(cell: Cell) -> str:
    """A cell as people read it: three digits behind the point, an interval in brackets."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    if isinstance(cell, float):
        return f"{cell:.3f}" if 1e-3 <= abs(cell) < 1e4 or cell == 0 else f"{cell:.2g}"
    return str(cell)


def file_name(name: str) -> str:
    """A classifier's name without what a file's name must not have: "e5-sentiment/1.0" → "e5-sentiment-1.0"."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "classifier"


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Interval):
        return {name: _finite(getattr(cell, name)) for name in ("value", "low", "high", "confidence")}
    return _finite(cell) if isinstance(cell, float) else cell


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _level(text: str) -> str:
    """Text as one line of a Markdown table or heading, no sign of which means anything."""
    text = " ".join(text.split())
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return text


def _grid(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    lines = [heads, ["---"] * len(heads), *([_level(shown(cell)) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _section(table: Table) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{' class=n' if not isinstance(cell, str) else ''}>{escape(shown(cell))}</td>" for cell in row)
        + "</tr>"
        for row in table.rows
    )
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return (
        f"<h2>{escape(table.title)}</h2>\n<div class=wide><table><thead><tr>{heads}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>{note}"
    )


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --text: #1f2328; --page: #ffffff; --rule: #d0d7de; --dim: #59636e; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --text: #f0f6fc; --page: #0d1117; --rule: #3d444d; --dim: #9198a1; }}
}}
body {{ font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans JP", "Hiragino Sans", sans-serif;
  color: var(--text); background: var(--page); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }}
dt, p, li {{ color: var(--dim); }} dd {{ margin: 0; overflow-wrap: anywhere; }}
.wide {{ overflow-x: auto; }} table {{ border-collapse: collapse; }}
th, td {{ text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }}
td.n {{ font-variant-numeric: tabular-nums; white-space: nowrap; }}
figure {{ display: inline-block; margin: 1.5rem 1rem 0 0; max-width: 100%; vertical-align: top; }}
svg {{ max-width: 100%; height: auto; }}
</style></head><body>
{body}
</body></html>
"""
