"""Telephone numbers of the United States and Canada, the United Kingdom, India and Spain, and international ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import OTHER, Labels

_START = re.compile(r"[+(\d](?=[\d .-])(?<![\w#$€£/.,:+-].)(?<!\d .)")
_RIGHT = r"(?![\w/]|[-.,:]\d| \d)"
_AMERICAN = re.compile(
    r"(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}"
    rf"(?: ?(?:x|ext\.?) ?\d{{1,5}})?{_RIGHT}"
)
_INTERNATIONAL = re.compile(rf"\+[1-9]\d{{0,2}}(?:[ .-]?\(?\d{{1,5}}\)?){{2,6}}{_RIGHT}")
_BRITISH = re.compile(
    rf"(?:07\d{{3}} ?\d{{3}} ?\d{{3}}|02\d ?\d{{4}} ?\d{{4}}|01\d1 \d{{3}} \d{{4}}|0[13]\d{{2,3}} \d{{3}} ?\d{{3,4}}"
    rf"|\(0\d{{2,4}}\) ?\d{{3,4}} ?\d{{3,4}}){_RIGHT}"
)
_INDIAN = re.compile(rf"0?[6-9]\d{{4}}[ -]\d{{5}}{_RIGHT}")
_SPANISH = re.compile(
    rf"(?:[679]\d{{2}}[ .-]\d{{3}}[ .-]\d{{3}}|[6789]\d{{2}}(?: \d{{2}}){{3}}|9\d \d{{3}} \d{{2}} \d{{2}}){_RIGHT}"
)
_EVERYWHERE = (_INTERNATIONAL, _AMERICAN, _BRITISH, _INDIAN)


def phones(text: str, language: str, labels: Labels) -> Iterator[Candidate]:
    """Numbers in a national form, unless a label says that they are something else."""
    patterns = (*_EVERYWHERE, _SPANISH) if language == "es" else _EVERYWHERE
    for start in _START.finditer(text):
        for pattern in patterns:
            match = pattern.match(text, start.start())
            if match and 9 <= sum(map(str.isdigit, match[0])) <= 20 and _may_be(labels, match, pattern):
                yield Candidate("PHONE", match.start(), match.end(), "phone")
                break


def _may_be(labels: Labels, match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    label = labels.before(match.start())
    if label is None or label.type in ("PHONE", "NAME", "ADDRESS"):
        return True
    # A plus sign speaks for itself, unless it is an order that has it.
    return pattern is _INTERNATIONAL and label.type != OTHER
