"""Write the lists of given and family names from Faker's providers (MIT, Daniele Faraglia and contributors).

python training/pii/names.py            needs `pip install faker`; writes src/honmono/engines/text/pii/names.txt

Of each locale the names in Latin letters are taken; a name that is also a common word, a place or a month is marked
with an asterisk, so that it counts only beside another name.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/pii/names.txt"
LOCALES = (
    "en_US en_GB en_IN en_IE en_NZ en_KE en_NG es_ES es_MX es_AR es_CO fr_FR fr_CA de_DE it_IT pt_BR pt_PT nl_NL sv_SE "
    "no_NO da_DK fi_FI ja_JP pl_PL ro_RO hr_HR tr_TR zu_ZA yo_NG ig_NG ha_NG tw_GH sw ga_IE id_ID"
).split()
WORD = re.compile(r"[A-ZÀ-ÝŁŚŻ][a-zà-ÿąćęłńśźżğışçA-Z'’-]+$")
AMBIGUOUS = set(
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
    "Moses Sales Bond Best".split()
)


def names(kind: str) -> list[str]:
    """All names of a kind ("first" or "last") over the locales."""
    found: set[str] = set()
    for locale in LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in vars(provider):
            if re.match(f"{kind}_.*names", attribute):
                found.update(name for name in getattr(provider, attribute) if isinstance(name, str))
    return sorted(name for name in found if WORD.match(name) and len(name) > 2)


def main() -> None:
    given, family = names("first"), names("last")
    marked = [name + "*" * (name in AMBIGUOUS) for name in given]
    TARGET.write_text("\n".join([*marked, "", *family]) + "\n", encoding="utf-8")
    print(len(given), "given names,", len(family), "family names,", TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
