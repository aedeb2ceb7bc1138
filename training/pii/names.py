"""Write the lists of given and family names from Faker's providers (MIT, Daniele Faraglia and contributors).

python training/pii/names.py --data DIR      needs `pip install faker`; writes src/honmono/engines/text/pii/names.txt

Of each locale the names in Latin letters are taken. A given name that is also a word, a place or a month is marked with
an asterisk, so that it counts only beside a family name: those of a list by hand, those that Tatoeba's English
sentences (CC BY 2.0 FR) write in lower case, and those that WikiANN's English sentences (ODC-BY) from the 3,001st on
have outside people's names more often than inside. DIR holds `parallel/tatoeba.en-ja.tsv` and `ner/wikiann-en.conll`.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/pii/names.txt"
LOCALE_NAMES = (
    "en_US en_GB en_IN en_IE en_NZ en_KE en_NG es_ES es_MX es_AR es_CO fr_FR fr_CA de_DE it_IT pt_BR pt_PT nl_NL sv_SE "
    "no_NO da_DK fi_FI ja_JP pl_PL ro_RO hr_HR tr_TR zu_ZA yo_NG ig_NG ha_NG tw_GH sw ga_IE id_ID"
)
HELD_OUT = 3000
WORD = re.compile(r"[A-ZÀ-ÝŁŚŻ][a-zà-ÿąćęłńśźżğışçA-Z'’-]+$")
UNSURE = (
    "Amber Angel April Art Ash Asia Aurora Austin Autumn Avery Baker Baron Bay Belle Bishop Blue Brook Brooklyn Cash "
    "Carolina Charity Chase Chelsea China Christian Clay Cliff Cody Cole Colon Country Crystal Dakota Dale Dallas Dawn "
    "Dean Delta Denver Destiny Diamond Dolores Don Drew Duke Earl Early East Eden Essence Ever Faith Fe Florence Forest "
    "Francia Frank Gene Genesis Georgia Gene Glen Grace Grant Guy Harmony Haven Heath Heaven Hope Hunter India Iris Ivory "
    "Ivy Jack Jade Jasmine Jean Jersey Jewel Jordan Joy Juan June Justice King Lane Laurel Lee Liberty Lincoln London "
    "Love Luz Madison Mark Marine Marina Mason Max May Mayor Melody Memphis Mercedes Mercy Miles Milan Misty Montana "
    "Morgan Nicola Norma Olive Opal Page Paris Parker Pat Patience Patience Pearl Penny Phoenix Precious Princess Queen "
    "Ray Real Reed Reina Rich River Rob Robin Rocky Roma Rose Royal Ruby Rusty San Sandy Santa Santiago Savannah Scout "
    "Serenity Sierra Sky Sonny Spring Star Sterling Stone Storm Summer Sunny Sydney Temple Terra Todo Trinity True "
    "Unity Valencia Van Victor Victoria Vienna Violet Virginia Wade Washington West Will Willow Winter Young Mayo Art "
    "Case Case Bill Buddy Chance Major Marshall Price Rome Skip Stella Sol Mar Paz Cruz Rey Angeles Dia Vera Para Luna "
    "Ana Li Lo An In Le La De El Al Da Do So My Om Ok Art Ali Mia Mine Sun Sky Min Ming Dan Dag Dong Jan Do Can Deniz "
    "Moses Sales Bond Best"
)


def names(kind: str) -> list[str]:
    """All names of a kind ("first" or "last") over the locales."""
    found: set[str] = set()
    for locale in LOCALE_NAMES.split():
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in vars(provider):
            if re.match(f"{kind}_.*names", attribute):
                found.update(name for name in getattr(provider, attribute) if isinstance(name, str))
    return sorted(name for name in found if WORD.match(name) and len(name) > 2)


def words_too(folder: Path) -> set[str]:
    """Words that stand in lower case in everyday sentences, twice at least."""
    counts: Counter[str] = Counter()
    with (folder / "parallel/tatoeba.en-ja.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            counts.update(re.findall(r"[a-z]+", line.partition("\t")[0]))
    return {word for word, count in counts.items() if count > 1}


def other_names(folder: Path) -> set[str]:
    """Capitalised words that are seldom part of a person's name."""
    person: Counter[str] = Counter()
    other: Counter[str] = Counter()
    sentences = (folder / "ner/wikiann-en.conll").read_text(encoding="utf-8").split("\n\n")[HELD_OUT:]
    for line in "\n".join(sentences).split("\n"):
        fields = line.split("\t")
        if len(fields) > 1 and fields[0][:1].isupper():
            (person if fields[-1].endswith("PER") else other)[fields[0]] += 1
    return {word for word, count in other.items() if count > person[word]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data
    given, family = names("first"), names("last")
    common, others = words_too(folder), other_names(folder)
    marked = [name + "*" * (name in UNSURE.split() or name.lower() in common or name in others) for name in given]
    TARGET.write_text("\n".join([*marked, "", *family]) + "\n", encoding="utf-8")
    unsure = sum(name.endswith("*") for name in marked)
    print(len(given), "given names, of which unsure", unsure, "-", len(family), "family names")


if __name__ == "__main__":
    main()
