"""Print the fingerprints of the held-out sets; heldout/SHA256 keeps what they were before the first training.

python -m training.entities.heldout DATA
"""

from __future__ import annotations

import sys
from pathlib import Path

from training.entities import sources

SETS = ("wikipedia-ja", "wikiann-en", "wikiann-de", "wikiann-fr", "wikiann-pt", "wnut17-en")
OWN = Path(__file__).parent / "heldout"


def main() -> None:
    for name in SETS:
        sentences = sources.held_out(Path(sys.argv[1]), name)
        print(f"{sources.fingerprint(sentences)}  {name}  {len(sentences)}")
    for path in sorted(OWN.glob("*.txt")):
        sentences = list(sources.marked(path, "own"))
        print(f"{sources.fingerprint(sentences)}  own-{path.stem}  {len(sentences)}")


if __name__ == "__main__":
    main()
