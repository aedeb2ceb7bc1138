"""Whisper on recorded speech in Spanish, French and Italian: the word error rate.

python bench/recognition_languages.py --data DIR        (or HONMONO_RECORDINGS=DIR)

DIR holds six Debian packages unpacked (`dpkg -x`): asterisk-core-sounds-{es,fr,it} and -{es,fr,it}-wav 1.6.1-1, the
announcements of the Asterisk telephone exchange (CC BY-SA 3.0: Allison Smith, June Wallack, Carlo Flora), one speaker a
language, 8,000 samples a second. They are not in the repository. Of all announcements of four words or more sixty a
language are drawn by the hash of their names; the hashes of the sample's recordings and texts were committed before
the first measurement (bench/recognition). The texts are the authors' own, with their slips: accents are left out
of the comparison (the Spanish ones are written without), digits up to twelve are spelled out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from honmono.engines.speech.audio import AudioFile
from honmono.engines.speech.whisper import WhisperEngine
from honmono.evaluation.edits import edits, total
from honmono.weights import Cache

sys.path.insert(0, str(Path(__file__).parent))
from peers import report

HASHES = Path(__file__).parent / "recognition" / "sample.sha256"
SPEAKERS = {"es": "es_MX_f_Allison", "fr": "fr_CA_f_June", "it": "it_IT_m_Carlo"}
SAMPLE = 60
NUMBERS = {
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_RECORDINGS"))
    parser.add_argument("--draw", action="store_true", help="write the hashes of the sample, measure nothing")
    arguments = parser.parse_args()
    if arguments.data is None:
        print("left out: say where the recordings are: --data DIR")
        return 0
    samples = {language: sample(Path(arguments.data), language) for language in SPEAKERS}
    hashes = "".join(f"{digest(samples[language])}  {language}\n" for language in SPEAKERS)
    if arguments.draw:
        HASHES.parent.mkdir(exist_ok=True)
        HASHES.write_text(hashes)
        return 0
    if HASHES.read_text() != hashes:
        sys.exit(f"the recordings in {arguments.data} are others than those that were to be measured on")
    engine = WhisperEngine(Cache())
    engine.load()
    rows = [measure(engine, language, items) for language, items in samples.items()]
    report("recognition_languages", rows, sample_sha256=hashlib.sha256(hashes.encode()).hexdigest())
    return 0


def sample(folder: Path, language: str) -> list[tuple[str, Path]]:
    """What is said, and the recording of it."""
    share = folder / "usr" / "share"
    path = share / "doc" / f"asterisk-core-sounds-{language}" / f"core-sounds-{language}.txt.gz"
    recordings = share / "asterisk" / "sounds" / SPEAKERS[language]
    found: dict[str, tuple[str, Path]] = {}
    for line in gzip.decompress(path.read_bytes()).decode("utf-8", "replace").splitlines():
        name, _, text = line.partition(":")
        recording = recordings / f"{name.strip()}.wav"
        # Texts in brackets tell of tones; question marks within a word are letters that the authors lost.
        if re.search(r"[\[\](){}�]|\w\?\w|\w\? [a-z]", text) or len(text.split()) < 4 or not recording.is_file():
            continue
        found[name.strip()] = (text.strip(), recording)
    order = sorted(found, key=lambda name: hashlib.sha256(f"{language}/{name}".encode()).digest())
    return [found[name] for name in order[:SAMPLE]]


def digest(items: list[tuple[str, Path]]) -> str:
    whole = hashlib.sha256()
    for text, recording in items:
        whole.update(text.encode() + b"\0" + recording.read_bytes())
    return whole.hexdigest()


def measure(engine: WhisperEngine, language: str, items: list[tuple[str, Path]]) -> dict[str, Any]:
    import numpy as np

    found, seconds, cpu = [], 0.0, 0.0
    for text, recording in items:
        with AudioFile(recording) as file:
            samples = np.concatenate(list(file.blocks()), axis=1)[0]
        began = time.process_time()
        transcript = engine.transcribe(samples, language)
        cpu += time.process_time() - began
        seconds += len(samples) / 16_000
        heard = " ".join(segment.text.strip() for segment in transcript.segments)
        found.append(edits(list(words(text, language)), list(words(heard, language))))
        if found[-1].count:
            print(f"{found[-1].rate:.2f}  {text}\n      {heard}")
    whole = total(found)
    return {
        "language": language,
        "recordings": len(items),
        "seconds": round(seconds, 1),
        "words": whole.length,
        "word error rate": round(whole.rate, 4),
        "without a mistake": sum(not each.count for each in found),
        "substitutions": whole.substitutions,
        "insertions": whole.insertions,
        "deletions": whole.deletions,
        "CPU s per second": round(cpu / seconds, 3),
    }


def words(text: str, language: str) -> Iterator[str]:
    numbers = NUMBERS[language].split()
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    for word in re.findall(r"[^\W_]+", plain):
        yield numbers[int(word)] if word.isdecimal() and int(word) < len(numbers) else word


if __name__ == "__main__":
    sys.exit(main())
