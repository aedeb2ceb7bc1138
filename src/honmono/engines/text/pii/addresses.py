"""Postal addresses: a street with a number, with or without town and postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import Labels
from honmono.engines.text.pii.wordlists import listed

_WORD = r"(?:St\. )?[A-ZÀ-Ý][\w'’-]{0,24}"
_STREETS = listed(
    "street st avenue ave av road rd drive dr lane ln boulevard blvd court ct place pl way terrace ter close crescent "
    "cres gardens square sq parkway pkwy circle cir highway hwy row mews grove hill trail loop quay alley nagar marg "
    "colony path walk"
)
_CALLES = listed("calle avenida avda av plaza pza paseo camino carretera ronda travesía glorieta callejón c")
_DOORS = listed("flat house plot door h d shop")
_KIND = rf"(?i:{'|'.join(sorted(_STREETS))})\b\.?"
_UNIT = r"(?i:,? ?(?:(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm)\b\.? ?#?[\w-]{1,6}|# ?\w{1,6}))"
_STATE = (
    r"(?i:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|"
    r"W[AVIY]|AB|BC|MB|NB|NL|NS|ON|PE|QC|SK|YT)"
)
_CODE = r"(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{3} ?\d{3})\b"
_TOWN = rf"{_WORD}(?: {_WORD}){{0,3}}"
_REST = rf"(?:,? ?\n? ?{_TOWN}(?:,? {_STATE})?,? {_CODE}|, {_TOWN}, {_STATE}\b)"
_WESTERN = re.compile(
    rf"\d(?<![\w.,/:$-].)\d{{0,4}}[A-Za-z]?(?:-\d{{1,4}})? (?:[NSEW]\.? )?(?:{_WORD} |\d{{1,3}}(?:st|nd|rd|th) ){{1,4}}?{_KIND}"
    rf"(?:{_UNIT}){{0,2}}(?:{_REST})?(?:, (?:USA|UK|United Kingdom|United States|Canada))?"
)
_LOWER = re.compile(
    r"\d(?<![\w.,/:$-].)\d{0,4} (?:[a-z]{2,15} ){1,3}?(?:street|st|avenue|ave|road|rd|drive|lane|boulevard|blvd|court)\b"
    r"(?:,? [a-z]{3,15},? [a-z]{2} \d{5})?"
)
_INDIAN = re.compile(
    rf"\b(?:(?i:{'|'.join(sorted(_DOORS))})(?: (?:no|number))?\.?) ?#?\d{{1,5}}[A-Za-z]?(?:[/-]\w{{1,4}})?,? "
    rf"(?:{_WORD},? ){{1,6}}?{_CODE}"
)
_SPANISH = re.compile(
    rf"\b(?:(?i:{'|'.join(sorted(_CALLES - {'c'}))})\b\.?|[Cc]/) ?"
    rf"(?:(?:de|del|la|las|los|el) ){{0,2}}{_WORD}(?: (?:(?:de|del|la|las|los|el|y) ){{0,2}}{_WORD}){{0,3}}"
    r",? (?:n\.?º ?)?\d{1,4}(?:, ?(?:\d{1,2}\.?[ºª°]|bajo|ático|piso \d{1,2})(?: ?[A-Za-z]\b| izq\.?| dcha\.?)?)?"
    rf"(?:,? ?(?:CP )?\d{{5}}(?:,? {_TOWN})?)?(?:,? \({_TOWN}\))?"
)
_BOX = re.compile(rf"\b(?i:p\.? ?o\.? box) \d{{1,6}}(?:{_REST})?")
_FORMS = ((_WESTERN, _STREETS), (_INDIAN, _DOORS), (_SPANISH, _CALLES), (_BOX, listed("box")))
"""Each form with words of which it has one."""
_AFTER_LABEL = re.compile(r"[\"']?\s?[:=|>][ \t\"'>|]{0,4}([^\n\"|<\t;]{8,140})")
_STOPS = re.compile(r"\. (?=[A-Z])|\.$")
_LIVES = re.compile(r"\b(?i:lives?|living|address|located|moved|residing|reside|stay|deliver|ship|home)\b.{0,20}$")


def addresses(text: str, vocabulary: set[str], labels: Labels) -> Iterator[Candidate]:
    """Streets by their form; whatever follows a label of an address if it has a number."""
    for pattern, needed in _FORMS:
        if vocabulary.isdisjoint(needed):
            continue
        for match in pattern.finditer(text):
            yield Candidate("ADDRESS", match.start(), match.end(), "address")
    for match in _LOWER.finditer(text) if not vocabulary.isdisjoint(_STREETS) else ():
        if _LIVES.search(text, max(0, match.start() - 40), match.start()):
            yield Candidate("ADDRESS", match.start(), match.end(), "address")
    for at, label in enumerate(labels.all):
        if label.type != "ADDRESS":
            continue
        found = _AFTER_LABEL.match(text, label.end)
        if found is None:
            continue
        end = found.end(1)
        for later in labels.all[at + 1 : at + 4]:
            if label.end < later.begin < end and text[later.end : later.end + 1] == ":":
                end = later.begin
                break
        stop = _STOPS.search(text, found.start(1), end)
        value = text[found.start(1) : stop.start() if stop else end].rstrip(" ,}")
        if any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and "@" not in value:
            yield Candidate("ADDRESS", found.start(1), found.start(1) + len(value), "address")
