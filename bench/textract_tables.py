"""Tables end to end: a page's picture in, cells out. Four kinds of tables that are drawn by this script, clean and noisy.

python bench/textract_tables.py [--set test|development] [--tables 15]

A page has a heading, a paragraph, a table and a closing line. Kinds: a grid; a grid with merged cells; rules below the
header and at the ends only; no rules at all. Noisy pages are turned by up to one degree, blurred, speckled and packed as a
JPEG of quality 45. What is counted is a cell's text at its row and column, wrong where a character is; a table that is
missed has all its cells wrong, and so has one of another shape. The development set has another seed and was looked at
while the finder was written; the hash of the test set's tables was committed before its first measurement.

The peer is the same finder given the true words and places, which tells the recogniser's errors from the finder's.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import platform
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from honmono.engines.documents.analysis.engine import DocumentAnalysisEngine
from honmono.engines.documents.analysis.page import ReadPage, ReadWord, Table, corners_of
from honmono.engines.documents.analysis.tables import tables_of
from honmono.engines.documents.document import Box
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "textract_tables.json"
TEST_SHA256 = "26634f6e030e793106add9453a1231af62f3440d26f200788bbc96bc6a503044"
SEEDS = {"test": 20_261_124, "development": 7}
KINDS = ("grid", "merged", "ruled", "borderless")
WIDTH, HEIGHT = 1240, 900
NOUNS = (
    "Apples Bolts Cable Drill Engine Filter Gloves Hinge Inlet Jacket Kettle Lamp Motor Nails Olives Paint Quartz Rope Screws "
    "Tiles Umbrella Valve Washer Yarn Zinc"
).split()
PLACES = "North South East West Central Harbour Valley Lakeside Hill Airport".split()
HEADS = ("Item", "Region", "Units", "Price", "Total", "Share", "Date", "Code")


@dataclass(slots=True)
class Drawn:
    """A table: its texts by row and column, and the cells that are merged (row, column, rows, columns)."""

    kind: str
    texts: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def made(kind: str, draw: random.Random) -> Drawn:
    rows, columns = draw.randint(4, 9), draw.randint(3, 6)
    heads = draw.sample(HEADS[2:], columns - 2)
    texts = [["Item", "Region", *heads]]
    for _ in range(rows - 1):
        cells = [f"{draw.choice(NOUNS)} {draw.randint(2, 99)}", draw.choice(PLACES)]
        cells += [_value(head, draw) for head in heads]
        texts.append(cells)
    merged = []
    if kind == "merged":
        # A heading over two columns, and a region that covers two rows.
        at = draw.randint(1, columns - 2)
        texts[0][at], texts[0][at + 1] = f"{texts[0][at]} detail", ""
        merged.append((0, at, 1, 2))
        row = draw.randint(1, rows - 2)
        texts[row + 1][0] = ""
        merged.append((row, 0, 2, 1))
    return Drawn(kind, texts, merged)


def _value(head: str, draw: random.Random) -> str:
    if head == "Date":
        return f"2026-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    if head == "Share":
        return f"{draw.uniform(0, 40):.1f}%"
    if head == "Code":
        return f"K{draw.randint(100, 999)}"
    return f"{draw.randint(1, 9999):,}" if head == "Units" else f"{draw.uniform(1, 900):.2f}"


def tables(which: str, count: int) -> list[Drawn]:
    draw = random.Random(SEEDS[which])
    return [made(kind, draw) for _ in range(count) for kind in KINDS]


def digest(items: list[Drawn]) -> str:
    """What TEST_SHA256 was written down from."""
    return hashlib.sha256(json.dumps([[each.kind, each.texts, each.merged] for each in items]).encode()).hexdigest()


def page_of(table: Drawn, noisy: bool, draw: random.Random) -> tuple[Image.Image, list[ReadWord]]:
    """The picture of a page, and its words as they truly stand (of a clean page)."""
    size = draw.choice((20, 22, 24, 26))
    font, big = ImageFont.load_default(size), ImageFont.load_default(size + 10)
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(page)
    words: list[ReadWord] = []

    def write(x: float, y: float, text: str, with_font: Any) -> None:
        for word in text.split():
            pen.text((x, y), word, fill=0, font=with_font)
            left, top, right, bottom = pen.textbbox((x, y), word, font=with_font)
            box = Box(left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)
            words.append(ReadWord(word, 1.0, corners_of(box)))
            x = right + size * 0.28

    write(90, 50, "Quarterly stock report", big)
    write(90, 105, "The following table lists what was counted in all of our stores at the end", font)
    write(90, 105 + size * 1.5, "of the quarter, by item and region, with prices in euros.", font)
    widths = [
        max(pen.textlength(row[column], font=font) for row in table.texts) + draw.randint(28, 60)
        for column in range(len(table.texts[0]))
    ]
    for row, column, _, columns in table.merged:
        if columns > 1:
            lack = pen.textlength(table.texts[row][column], font=font) + 20 - sum(widths[column : column + columns])
            widths[column] += max(0.0, lack)
    height = size * draw.uniform(1.7, 2.3)
    top, left = 105 + size * 4.5, 90.0
    across = [left]
    for width in widths:
        across.append(across[-1] + width)
    down = [top + height * row for row in range(len(table.texts) + 1)]
    hidden = {
        (row + dr, column + dc): (row, column)
        for row, column, rows, columns in table.merged
        for dr in range(rows)
        for dc in range(columns)
    }
    thick = draw.choice((1, 2, 2, 3))
    for row, texts in enumerate(table.texts):
        for column, text in enumerate(texts):
            write(across[column] + 10, down[row] + (height - size) / 2 - 2, text, font)
    if table.kind in ("grid", "merged"):
        for row in range(len(down)):
            for column in range(len(widths)):
                same = hidden.get((row - 1, column), 1) == hidden.get((row, column), 2)
                if not same:
                    pen.line((across[column], down[row], across[column + 1], down[row]), 0, thick)
        for column in range(len(across)):
            for row in range(len(table.texts)):
                same = hidden.get((row, column - 1), 1) == hidden.get((row, column), 2)
                if not same:
                    pen.line((across[column], down[row], across[column], down[row + 1]), 0, thick)
    elif table.kind == "ruled":
        for y in (down[0], down[1], down[-1]):
            pen.line((across[0], y, across[-1], y), 0, thick)
    write(90, down[-1] + size * 2.2, "Checked by the warehouse on the last day of the month.", font)
    return (_worn(page, draw) if noisy else page), words


def _worn(page: Image.Image, draw: random.Random) -> Image.Image:
    page = page.rotate(draw.uniform(-1, 1), resample=Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(draw.uniform(0.6, 1.1)))
    pixels = page.load()
    assert pixels is not None
    for _ in range(2500):
        pixels[draw.randrange(WIDTH), draw.randrange(HEIGHT)] = draw.choice((0, 90, 180, 255))
    packed = io.BytesIO()
    page.save(packed, "JPEG", quality=45)
    return Image.open(packed).convert("L")


def score(table: Drawn, found: list[Table], page: ReadPage) -> tuple[int, int, int]:
    """Cells that are right, cells, and whether the merged cells are (1) or are not (0)."""
    cells = sum(len(row) for row in table.texts)
    best, spans = 0, 0
    for each in found:
        if (each.rows, each.columns) != (len(table.texts), len(table.texts[0])):
            continue
        right = sum(
            _plain(" ".join(page.words[word].text for word in cell.words))
            == _plain(table.texts[cell.row - 1][cell.column - 1])
            for cell in each.cells
        )
        told = sorted(
            (merged.row - 1, merged.column - 1, merged.row_span, merged.column_span) for merged in each.merged
        )
        if right >= best:
            best, spans = right, int(told == sorted(table.merged))
    return best, cells, spans


def _plain(text: str) -> str:
    return "".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=sorted(SEEDS), default="test")
    parser.add_argument("--tables", type=int, default=15, help="of each kind")
    parser.add_argument("--hash", action="store_true")
    parser.add_argument("--show", action="store_true", help="print every table that is not all right")
    arguments = parser.parse_args()
    items = tables(arguments.set, arguments.tables)
    if arguments.hash:
        print(digest(items))
        return
    result: dict[str, Any] = {
        "machine": platform.machine(),
        "set": arguments.set,
        "tables of each kind": arguments.tables,
        "set is the committed one": digest(items) == TEST_SHA256,
        "kinds": {},
    }
    with TemporaryDirectory() as folder:
        engine = DocumentAnalysisEngine(Cache(Path(folder)))
        engine.load()
        for noisy in (False, True):
            for kind in KINDS:
                row = _measured(engine, [each for each in items if each.kind == kind], noisy, arguments.show)
                result["kinds"][f"{kind}, {'noisy' if noisy else 'clean'}"] = row
                print(f"{kind}, {'noisy' if noisy else 'clean'}: {row}", flush=True)
    if arguments.set == "test":
        RESULTS.write_text(json.dumps(result, indent=1) + "\n")


def _measured(engine: DocumentAnalysisEngine, items: list[Drawn], noisy: bool, show: bool) -> dict[str, Any]:
    right = cells = spans = whole = known = 0
    took = 0.0
    for index, table in enumerate(items):
        draw = random.Random(f"{table.texts}{noisy}")
        picture, words = page_of(table, noisy, draw)
        packed = io.BytesIO()
        picture.save(packed, "PNG")
        began = time.process_time()
        [page] = engine.analyse(packed.getvalue(), 1, 1, ["tables"]).pages
        took += time.process_time() - began
        good, all_, merged = score(table, page.tables, page.page)
        right, cells, spans, whole = right + good, cells + all_, spans + merged, whole + (good == all_)
        if not noisy:
            true = ReadPage(1, WIDTH, HEIGHT, words)
            known += score(table, tables_of(true, picture), true)[0]
        if show and good < all_:
            shapes = [(each.rows, each.columns) for each in page.tables]
            print("  ", index, (len(table.texts), len(table.texts[0])), shapes, f"{good}/{all_}")
    return {
        "cells": cells,
        "right": round(right / cells, 4),
        **({} if noisy else {"right, given the true words": round(known / cells, 4)}),
        "tables all right": f"{whole}/{len(items)}",
        "merged cells right": f"{spans}/{len(items)}",
        "CPU seconds a page": round(took / len(items), 2),
    }


if __name__ == "__main__":
    main()
