"""Telephone numbers of the United States and Canada, the United Kingdom, India and Spain, and international ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import OTHER, Labels

_LEFT, _RIGHT = r"(?<![\w#$€£/.,:+-])(?<!\d )", r"(?![\w/]|[-.,:]\d| \d)"
_AMERICAN = re.compile(
    rf"{_LEFT}(?:\+?1[ .-]?)?(?:\([2-9]\d{{2}}\) ?|[2-9]\d{{2}}([ .-]))[2-9]\d{{2}}[ .-]\d{{4}}"
    rf"(?: ?(?:x|ext\.?) ?\d{{1,5}})?{_RIGHT}"
)
_INTERNATIONAL = re.compile(rf"(?<![\w+])\+[1-9]\d{{0,2}}(?:[ .-]?\(?\d{{1,5}}\)?){{2,6}}{_RIGHT}")
_BRITISH = re.compile(
    rf"{_LEFT}(?:07\d{{3}} ?\d{{3}} ?\d{{3}}|02\d ?\d{{4}} ?\d{{4}}|01\d1 \d{{3}} \d{{4}}|0[13]\d{{2,3}} \d{{3}} ?\d{{3,4}}"
    rf"|\(0\d{{2,4}}\) ?\d{{3,4}} ?\d{{3,4}}){_RIGHT}"
)
_INDIAN = re.compile(rf"{_LEFT}0?[6-9]\d{{4}}[ -]\d{{5}}{_RIGHT}")
_SPANISH = re.compile(
    rf"{_LEFT}(?:[679]\d{{2}}[ .-]\d{{3}}[ .-]\d{{3}}|[6789]\d{{2}}(?: \d{{2}}){{3}}|9\d \d{{3}} \d{{2}} \d{{2}}){_RIGHT}"
)


def phones(text: str, language: str, labels: Labels) -> Iterator[Candidate]:
    """Numbers in a national form, unless a label says that they are something else."""
    patterns = [_AMERICAN, _INTERNATIONAL, _BRITISH, _INDIAN]
    if language == "es":
        patterns.append(_SPANISH)
    for pattern in patterns:
        for match in pattern.finditer(text):
            count = sum(map(str.isdigit, match[0]))
            label = labels.before(match.start())
            if label is not None and label.type not in ("PHONE", "NAME", "ADDRESS"):
                if label.type == OTHER or pattern is not _INTERNATIONAL:
                    continue
            if 9 <= count <= 20:
                yield Candidate("PHONE", match.start(), match.end(), "phone")
