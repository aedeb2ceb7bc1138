"""Reading documents: how exact, and how many pages a CPU-second.

python bench/document_text.py --data DIR        (or HONMONO_EVALUATION=DIR)

DIR holds `ud-en-ewt.conllu` and `ud-ja-gsd.conllu`, whole sentences of two treebanks that nothing here was trained on;
their hashes were committed with bench/tagging.py. The script sets the sentences as pages, in three formats: digital
PDF, Word, and pictures of pages, clean and noisy; and short pages, of one to three lines. Measured is the character
error rate (edits over characters, blanks and line breaks counted as one blank).

Peers, in the same run: PDFium called directly, pdfminer.six, python-docx and RapidOCR with the settings that it has by
default. What is not installed is left out. The pages are made by this project: real documents have more layouts, fonts
and damage.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from honmono.engines.documents.engine import DocumentTextEngine
from honmono.weights import Cache

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests import documents

ROOT = Path(__file__).parents[1]
HASHES = ROOT / "training" / "syntax" / "heldout" / "ud.sha256"
RESULTS = Path(__file__).parent / "results" / "document_text.json"
ROUNDS = 3
SCANS = 5
"""Pages of each language that are looked at: a picture takes seconds."""

Read = Callable[[bytes], str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_EVALUATION"))
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the evaluation files are: --data DIR")
    check(Path(arguments.data))
    pages = {
        "english": paged(sentences(Path(arguments.data, "ud-en-ewt.conllu")), 72),
        "japanese": paged(sentences(Path(arguments.data, "ud-ja-gsd.conllu")), 36),
    }
    engine = DocumentTextEngine(Cache())
    engine.load()
    report: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": sys.version.split()[0], "load": round(os.getloadavg()[0], 2)},
        "pages": {language: len(each) for language, each in pages.items()},
        "digital_pdf": {each: pdfs(engine, pages[each]) for each in pages},
        "word": {each: words(engine, pages[each], plain=True) for each in pages},
        "word, with controls and changes": {each: words(engine, pages[each], plain=False) for each in pages},
    }
    report["peak_mb_before_pictures"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report["pictures"] = pictures(engine, pages)
    report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def check(folder: Path) -> None:
    """End with a message where a file is not the one whose hash was committed."""
    for line in HASHES.read_text().splitlines():
        digest, name = line.split()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{folder / name} is another file than the one that was to be measured on")


def sentences(path: Path) -> list[str]:
    """The sentences of a treebank."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# text = ").strip() for line in lines if line.startswith("# text = ")]


def paged(texts: list[str], width: int) -> list[list[str]]:
    """Lines of at most so many characters, thirty a page; a sentence begins a line."""
    lines: list[str] = []
    for text in texts:
        line = ""
        for word in text.split(" ") if " " in text else list(text):
            blank = " " if line and " " in text else ""
            if line and len(line) + len(blank) + len(word) > width:
                lines.append(line)
                line, blank = "", ""
            line += blank + word
        lines.append(line)
    return [lines[at : at + 30] for at in range(0, len(lines), 30)]


def pdfs(engine: DocumentTextEngine, pages: list[list[str]]) -> dict[str, Any]:
    """All pages in one PDF."""
    data = documents.pdf(*pages)
    truth = "\n".join("\n".join(page) for page in pages)
    readers: dict[str, Read] = {
        "honmono, with words and boxes": lambda data: text_of(engine, data, len(pages)),
        "PDFium directly, text alone": pdfium_directly,
        "pdfminer.six": pdfminer_text,
    }
    return measured(readers, data, truth, len(pages), "digital PDF")


def words(engine: DocumentTextEngine, pages: list[list[str]], plain: bool) -> dict[str, Any]:
    """Each page a table and paragraphs; where not `plain`, a third of the later ones stands in content controls, a third
    was inserted under tracked changes, and there is a footnote."""
    truth: list[str] = []
    parts: list[Any] = []
    body = ""
    for number, page in enumerate(pages):
        parts += [page[0], [page[1:3], page[3:5]], *page[5:15]]
        truth += page[:15]
        for line in page[15:]:
            run = documents.paragraph(line)
            wrapped = (
                run,
                f"<w:sdt><w:sdtContent>{run}</w:sdtContent></w:sdt>",
                run.replace("<w:r>", "<w:ins><w:r>").replace("</w:r>", "</w:r></w:ins>"),
            )
            body += run if plain else wrapped[number % 3]
    late = [line for page in pages for line in page[15:]]
    note = "" if plain else "a note at the foot"
    data = documents.docx(*parts, body=body, note=note)
    readers: dict[str, Read] = {
        "honmono": lambda data: text_of(engine, data, 1),
        "python-docx": python_docx_text,
    }
    return measured(readers, data, "\n".join([*truth, *late, note]), len(pages), "Word" if plain else "Word, controls")


def pictures(engine: DocumentTextEngine, pages: dict[str, list[list[str]]]) -> dict[str, Any]:
    """Pages as a camera or a scanner would give them."""
    default = rapidocr_default()
    report: dict[str, Any] = {}
    chance = random.Random(20261124)
    for language, every in pages.items():
        short = [[line[:40].strip() for line in chance.sample(page, chance.randint(1, 3))] for page in every[:10]]
        sets = {"clean": (every[:SCANS], False), "noisy": (every[:SCANS], True), "short": (short, False)}
        for name, (wanted, noisy) in sets.items():
            shown = [scan(page, noisy, seed) for seed, page in enumerate(wanted)]
            readers: dict[str, Read] = {"honmono": lambda data: text_of(engine, data, 1)}
            if default is not None:
                readers["RapidOCR, default settings"] = default
            report[f"{language}, {name}"] = looked_at(readers, shown, wanted, f"{language}, {name}")
    return report


def scan(lines: list[str], noisy: bool, seed: int) -> bytes:
    """A page of A4 at 150 dots an inch, letters of about 11 points; noisy: grey, turned by a degree, blurred, grained."""
    import cv2
    import numpy as np

    page = np.full((1754, 1240, 3), 255, np.uint8)
    for number, line in enumerate(lines):
        cv2.putText(page, line, (70, 110 + 54 * number), (0, 0, 0), cv2.FontFace("uni"), 24)
    if noisy:
        chance = np.random.default_rng(seed)
        turned = cv2.getRotationMatrix2D((620, 877), float(chance.uniform(-1, 1)), 1)
        page = cv2.warpAffine(page, turned, (1240, 1754), borderValue=(255, 255, 255))
        page = cv2.GaussianBlur(page, (3, 3), 0.8)
        grained = page * 0.85 + 20 + chance.normal(0, 14, page.shape)
        page = np.clip(grained, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


def measured(readers: dict[str, Read], data: bytes, truth: str, pages: int, what: str) -> dict[str, Any]:
    """Error rate and pages a CPU-second of each reader on one document."""
    report: dict[str, Any] = {}
    for name, read in readers.items():
        try:
            found = read(data)
        except ImportError as error:
            print(f"  {name} is left out: {error}")
            continue
        seconds = []
        for _ in range(ROUNDS):
            started = time.process_time()
            read(data)
            seconds.append(time.process_time() - started)
        report[name] = {
            "character_error_rate": round(error_rate(truth, found), 5),
            "pages_per_cpu_second": round(pages / statistics.median(seconds), 1),
        }
        print(f"{what:22} {name:32} {report[name]}")
    return report


def looked_at(readers: dict[str, Read], shown: list[bytes], wanted: list[list[str]], what: str) -> dict[str, Any]:
    """The same for pictures, one round: each takes seconds."""
    report: dict[str, Any] = {}
    for name, read in readers.items():
        started = time.process_time()
        found = [read(data) for data in shown]
        seconds = time.process_time() - started
        texts = ["\n".join(page) for page in wanted]
        edits = sum(error_rate(true, text) * len(squeezed(true)) for true, text in zip(texts, found, strict=True))
        report[name] = {
            "character_error_rate": round(edits / sum(len(squeezed(true)) for true in texts), 4),
            "pages_without_any_text": sum(not text for text in found),
            "pages": len(shown),
            "cpu_seconds_per_page": round(seconds / len(shown), 2),
        }
        print(f"{what:22} {name:32} {report[name]}")
    return report


def squeezed(text: str) -> str:
    """Blanks and line breaks as one blank, tabs too."""
    return " ".join(text.split())


def error_rate(truth: str, found: str) -> float:
    """Edits (Levenshtein) over the characters that are true, blanks squeezed."""
    import numpy as np

    a = np.array([ord(letter) for letter in squeezed(truth)])
    b = np.array([ord(letter) for letter in squeezed(found)])
    if np.array_equal(a, b):
        return 0.0
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for letter in a:
        change = np.empty_like(row)
        change[0] = row[0] + 1
        change[1:] = np.minimum(row[1:] + 1, row[:-1] + (b != letter))
        # An insertion costs one for each step to the right.
        row = np.minimum.accumulate(change - steps) + steps
    return float(row[-1]) / max(len(a), 1)


def text_of(engine: DocumentTextEngine, data: bytes, pages: int) -> str:
    return "\n".join(page.text for page in engine.read(data, 1, pages).pages)


def pdfium_directly(data: bytes) -> str:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def pdfminer_text(data: bytes) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(io.BytesIO(data)))


def python_docx_text(data: bytes) -> str:
    import docx
    from docx.table import Table

    found = docx.Document(io.BytesIO(data))
    return "\n".join(
        "\n".join("\t".join(cell.text for cell in row.cells) for row in each.rows)
        if isinstance(each, Table)
        else each.text
        for each in found.iter_inner_content()
    )


def rapidocr_default() -> Read | None:
    import cv2
    import numpy as np
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(data: bytes) -> str:
        found: Any = engine(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
        return "\n".join(found.txts or ())

    return read


if __name__ == "__main__":
    sys.exit(main())
