"""Translation by Apertium on sentences of Debian's package descriptions, and what keeping it warm is worth.

python bench/translation.py --lists DIR        (or HONMONO_APT_LISTS=DIR)

The sentences are those of the descriptions of Debian 12's packages (bookworm, main) that the Debian Description
Translation Project translated: paragraphs with one sentence on both sides, between six and thirty words, drawn by hash,
three hundred a direction. They are technical and full of names, and nothing of ours was made from them. Where neither
side is English, both are translations of the same English sentence. DIR holds apt's lists with translations, fetched for
example by

apt-get -o Dir::State::lists=DIR -o Acquire::Languages=en,ca,es,fr,it,pt,pt_BR update

The peer of the speeds is Apertium's own command, started for each text, and our server asked one line at a time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sacrebleu

from honmono.engines.translation.engine import TranslationEngine
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "translation.json"
SAMPLE_SHA256 = "03a16854ee302926064dadb956c22fc5f7ffb681cf920d0dc37f3d66953b3a76"
DIRECTIONS = (
    ("en", "es"), ("es", "en"), ("en", "ca"), ("ca", "en"), ("es", "ca"), ("ca", "es"), ("fr", "es"), ("es", "fr"),
    ("es", "pt"), ("pt", "es"), ("es", "it"), ("it", "es"),
    ("fr", "en"), ("en", "fr"), ("pt", "en"), ("en", "pt"), ("it", "en"), ("en", "it"),
)  # fmt: skip
LISTS = {"en": "en", "es": "es", "ca": "ca", "fr": "fr", "it": "it", "pt": "pt_BR"}
EACH = 300


def descriptions(lists: Path, name: str) -> dict[str, list[str]]:
    """The paragraphs of each description, by the hash of its English original."""
    [path] = lists.glob(f"*_bookworm_main_i18n_Translation-{name.replace('_', '%5f')}*")
    data = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", str(path)], capture_output=True, check=True).stdout
    found = {}
    for block in data.decode().split("\n\n"):
        key = re.search(r"^Description-md5: (\w+)$", block, re.MULTILINE)
        text = re.search(r"^Description-(?!md5)\w+: [^\n]*\n((?: [^\n]*\n?)*)", block, re.MULTILINE)
        if key and text:
            lines = [line[1:] for line in text[1].splitlines()]
            whole = "\n".join("" if line == "." else line for line in lines)
            found[key[1]] = [" ".join(each.split()) for each in whole.split("\n\n")]
    return found


def sample(lists: Path) -> list[tuple[str, str, str, str]]:
    """Source language, target language, sentence, reference."""
    texts = {code: descriptions(lists, name) for code, name in LISTS.items()}
    drawn: list[tuple[str, str, str, str]] = []
    for source, target in DIRECTIONS:
        pairs = {
            (one, other)
            for key in texts[source].keys() & texts[target].keys()
            if len(texts[source][key]) == len(texts[target][key])
            for one, other in zip(texts[source][key], texts[target][key], strict=True)
            if _is_sentence(one) and _is_sentence(other) and one != other
        }
        ranked = sorted(pairs, key=lambda pair: hashlib.sha256(f"{source}{target}{pair[0]}".encode()).digest())
        drawn += [(source, target, *pair) for pair in ranked[:EACH]]
    return drawn


def _is_sentence(text: str) -> bool:
    return 6 <= len(text.split()) <= 30 and text.endswith(".") and not re.search(r"[.!?]\s|[*<>_/]| - ", text)


def sample_hash(items: list[tuple[str, str, str, str]]) -> str:
    """What SAMPLE_SHA256 was written down from, before anything was measured."""
    return hashlib.sha256("\n".join("\t".join(item) for item in items).encode()).hexdigest()


def quality(engine: TranslationEngine, items: list[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
    rows = []
    for source, target in DIRECTIONS:
        mine = [(one, other) for code, into, one, other in items if (code, into) == (source, target)]
        sentences, references = [one for one, _ in mine], [other for _, other in mine]
        made = engine.translate(sentences, source, target, [], [])
        texts = [each.text for each in made]
        rows.append(
            {
                "source": source,
                "target": target,
                "sentences": len(mine),
                "steps": made[0].steps,
                "chrF": round(sacrebleu.corpus_chrf(texts, [references]).score, 1),
                "BLEU": round(sacrebleu.corpus_bleu(texts, [references]).score, 1),
                "chrF of the source itself": round(sacrebleu.corpus_chrf(sentences, [references]).score, 1),
            }
        )
        print(rows[-1])
    return rows


def speed(engine: TranslationEngine, items: list[tuple[str, str, str, str]]) -> dict[str, Any]:
    sentences = [one for source, target, one, _ in items if (source, target) == ("en", "es")]
    engine.translate(sentences[:3], "en", "es", [], [])
    warm = _each(lambda text: engine.translate([text], "en", "es", [], []), sentences[:100])
    cold = _each(
        lambda text: subprocess.run(["apertium", "eng-spa"], input=text.encode(), capture_output=True, check=True),
        sentences[:10],
    )
    lines = [f"{sentences[index % len(sentences)]} {index}" for index in range(10_000)]
    began = time.perf_counter()
    engine.translate(lines, "en", "es", [], [])
    together = time.perf_counter() - began
    began = time.perf_counter()
    for line in lines[:500]:
        engine.translate([line], "en", "es", [], [])
    alone = (time.perf_counter() - began) * len(lines) / 500
    return {
        "warm sentence p50 ms": round(1000 * statistics.median(warm), 2),
        "apertium command p50 ms": round(1000 * statistics.median(cold), 1),
        "10,000 lines in one call s": round(together, 2),
        "10,000 calls of one line s": round(alone, 2),
        "ratio": round(alone / together, 1),
    }


def _each(call: Callable[[str], Any], texts: list[str]) -> list[float]:
    taken = []
    for text in texts:
        began = time.perf_counter()
        call(text)
        taken.append(time.perf_counter() - began)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, default=os.environ.get("HONMONO_APT_LISTS"))
    parser.add_argument("--hash", action="store_true", help="print the sample's hash, measure nothing")
    arguments = parser.parse_args()
    if arguments.lists is None:
        parser.error("--lists names the folder of apt's lists (see above)")
    items = sample(Path(arguments.lists))
    if arguments.hash:
        print(len(items), sample_hash(items))
        return
    found = sample_hash(items)
    with TemporaryDirectory() as folder:
        engine = TranslationEngine(Cache(Path(folder)))
        engine.load()
        result = {
            "machine": platform.machine(),
            "sample": found,
            "sample is the committed one": found == SAMPLE_SHA256,
            "quality": quality(engine, items),
            "speed": speed(engine, items),
        }
        engine.close()
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result["speed"], indent=1))


if __name__ == "__main__":
    main()
