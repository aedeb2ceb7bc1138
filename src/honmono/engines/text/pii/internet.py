"""Mail, web, network and hardware addresses, and the keys of AWS."""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter
from collections.abc import Iterator

from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import OTHER, Labels

_LOCAL_SIGNS = ".%+'-_"
_LONGEST_LOCAL = 64
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_URL = re.compile(r"(?:(?:https?|ftp)://|\bwww\.)[^\s<>\"'`{}|\\^]{3,2000}", re.IGNORECASE)
_IPV4 = re.compile(r"\d(?<![\w.-].)\d{0,2}\.(?:\d{1,3}\.){2}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"[0-9A-Fa-f:](?<![\w:.].)[0-9A-Fa-f]{0,3}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_MAC = re.compile(r"[0-9A-Fa-f](?<![\w:-].)[0-9A-Fa-f]([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])")
_ACCESS_KEY = re.compile(r"A(?<![A-Za-z0-9].)(?:KIA|SIA)[A-Z2-7]{16}(?![A-Za-z0-9])")
_SECRET_KEY = re.compile(r"[A-Za-z0-9+/](?<![A-Za-z0-9+/].)[A-Za-z0-9+/]{39}(?![A-Za-z0-9+/=])")
_SOFTWARE = re.compile(
    r"\b(?:versions?|releases?|firmware|upgraded?|updated?|downgraded?|kernel|build|patch|library|driver|ver|rev|"
    r"versión|section|chapter|v)\b",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"\b(?:ip|host|client|address|addr|from|desde|server|gateway|lease|peer|via|node|subnet|dns)\b", re.IGNORECASE
)
_SHAKES_OFF = ".,;:!?)]}'"


def internet(text: str, labels: Labels) -> Iterator[Candidate]:
    """Whatever has an address."""
    yield from _emails(text)
    for match in _URL.finditer(text) if "://" in text or "www." in text.lower() else ():
        found = match[0].rstrip(_SHAKES_OFF)
        if "." in found or "localhost" in found:
            yield Candidate("URL", match.start(), match.start() + len(found), "internet")
    for match in _IPV4.finditer(text):
        if all(int(part) < 256 for part in match[0].split(".")) and not _is_version(text, match.start()):
            yield Candidate("IP_ADDRESS", match.start(), match.end(), "internet")
    for match in _IPV6.finditer(text) if text.count(":") > 1 else ():
        try:
            ipaddress.IPv6Address(match[0])
        except ValueError:
            continue
        if sum(map(str.isalnum, match[0])) > 3:
            yield Candidate("IP_ADDRESS", match.start(), match.end(), "internet")
    for match in _MAC.finditer(text):
        yield Candidate("MAC_ADDRESS", match.start(), match.end(), "internet")
    yield from _keys(text, labels)


def _emails(text: str) -> Iterator[Candidate]:
    at = text.find("@")
    while at >= 0:
        begin, floor = at, max(0, at - _LONGEST_LOCAL)
        while begin > floor and (text[begin - 1].isalnum() or text[begin - 1] in _LOCAL_SIGNS):
            begin -= 1
        domain = _DOMAIN.match(text, at + 1) if begin < at else None
        if domain:
            name = text[begin:at].lstrip(".'%-+")
            if name and ".." not in name and not name.endswith("."):
                yield Candidate("EMAIL", at - len(name), domain.end(), "internet")
        at = text.find("@", at + 1)


def _is_version(text: str, begin: int) -> bool:
    """Four numbers with dots may be a release: the nearer word decides."""
    left = text[max(0, begin - 60) : begin]
    software = [match.end() for match in _SOFTWARE.finditer(left)]
    network = [match.end() for match in _NETWORK.finditer(left)]
    # "upgrade from 1.2.3.4": the preposition says nothing beside a word of software.
    if software and left.rstrip().lower().endswith(("from", "to")):
        return True
    return bool(software) and (not network or software[-1] > network[-1])


def _keys(text: str, labels: Labels) -> Iterator[Candidate]:
    access = [match.span() for match in _ACCESS_KEY.finditer(text)]
    for begin, end in access:
        yield Candidate("AWS_ACCESS_KEY", begin, end, "secret")
    for match in _SECRET_KEY.finditer(text):
        label = labels.before(match.start())
        near = label.type if label else None
        if near == OTHER or not _random(match[0]):
            continue
        if near == "AWS_SECRET_KEY" or access:
            yield Candidate("AWS_SECRET_KEY", match.start(), match.end(), "secret")


def _random(key: str) -> bool:
    """Forty characters of base 64 have about 4.6 bits a character among them; a hash in hexadecimal at most 4."""
    counts = Counter(key)
    bits = -sum(n / len(key) * math.log2(n / len(key)) for n in counts.values())
    return bits > 4.0 and any(map(str.isupper, key)) and any(map(str.islower, key))
