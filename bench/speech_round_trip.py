"""Sentences spoken by the synthesiser and written down by the recogniser: what comes back?

python bench/speech_round_trip.py [LANGUAGE …]

Sixty everyday sentences in eight languages, and six in Chinese, in `bench/round_trip`; their hashes were committed
before any of them was spoken. Each is read by `read_text`, spoken by Kokoro (a woman's and a man's voice in turn, where
there are two), resampled to 16,000 samples a second and heard by Whisper, which is told the language. What was said
and what was heard are compared character by character, without blanks and punctuation, after both were read by
`read_text`, so that 7:45 is what was said for it; Japanese as kana, by Open JTalk's reading. What remains of numbers
that the reader does not know counts as wrong. Every pair is kept in
`bench/round_trip/heard.tsv`, of which the figures are computed: a run of some languages leaves the others as they are.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import soxr

from honmono.engines.speech.reading import read_text
from honmono.engines.speech.synthesis.engine import SynthesisEngine
from honmono.engines.speech.utterance import Part, Sentence, Style, Word
from honmono.engines.speech.whisper import WhisperEngine
from honmono.evaluation.edits import edits, total
from honmono.weights import Cache

sys.path.insert(0, str(Path(__file__).parent))
from peers import report

FOLDER = Path(__file__).parent / "round_trip"
HEARD = FOLDER / "heard.tsv"
COLUMNS = ("language", "voice", "error rate", "said", "heard")
VOICES = {
    "en-US": ("en-US", ("af_heart", "am_michael")),
    "en-GB": ("en-GB", ("bf_emma", "bm_george")),
    "es": ("es-ES", ("ef_dora", "em_alex")),
    "it": ("it-IT", ("if_sara", "im_nicola")),
    "pt": ("pt-BR", ("pf_dora", "pm_alex")),
    "fr": ("fr-FR", ("ff_siwis",)),
    "ja": ("ja-JP", ("jf_alpha", "jm_kumo")),
    "hi": ("hi-IN", ("hf_alpha", "hm_omega")),
    "zh": ("cmn-CN", ("zf_xiaobei", "zm_yunxi")),
}


def main() -> int:
    chosen = sys.argv[1:] or list(VOICES)
    for line in (FOLDER / "SHA256").read_text().splitlines():
        digest, name = line.split()
        if hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is not the file that was to be measured on")
    speaker, listener = SynthesisEngine(Cache()), WhisperEngine(Cache())
    speaker.load()
    listener.load()
    for language in chosen:
        pairs = list(spoken_and_heard(speaker, listener, language))
        others = [pair for pair in kept() if pair[0] != language]
        with HEARD.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter="\t", lineterminator="\n").writerows(
                [COLUMNS, *sorted(others + pairs, key=lambda pair: list(VOICES).index(pair[0]))]
            )
    report("speech_round_trip", [row(language) for language in VOICES if any(pair[0] == language for pair in kept())])
    return 0


def spoken_and_heard(speaker: SynthesisEngine, listener: WhisperEngine, language: str) -> Iterator[tuple[str, ...]]:
    code, voices = VOICES[language]
    for number, text in enumerate((FOLDER / f"{language}.txt").read_text("utf-8").splitlines()):
        voice = voices[number % len(voices)]
        parts = [speaker.say(sentence, voice, "neural") for sentence in sentences(text, code)]
        samples = soxr.resample(joined([part.samples for part in parts]), parts[0].rate, 16_000)
        transcript = listener.transcribe(samples, code.partition("-")[0].replace("cmn", "zh"))
        heard = " ".join(segment.text.strip() for segment in transcript.segments)
        rate = edits(plain(text, code), plain(heard, code)).rate
        pair = (language, voice, f"{rate:.3f}", text, heard)
        print("\t".join(pair), flush=True)
        yield pair


def kept() -> list[tuple[str, ...]]:
    """The pairs of this run and of earlier ones."""
    if not HEARD.exists():
        return []
    with HEARD.open(encoding="utf-8", newline="") as file:
        return [tuple(line) for line in csv.reader(file, delimiter="\t")][1:]


def row(language: str) -> dict[str, Any]:
    code = VOICES[language][0]
    found = [edits(plain(said, code), plain(heard, code)) for name, _, _, said, heard in kept() if name == language]
    whole = total(found)
    return {
        "language": language,
        "sentences": len(found),
        "characters": whole.length,
        "character error rate": round(whole.rate, 4),
        "without a mistake": sum(not each.count for each in found),
    }


def joined(parts: list[Any]) -> Any:
    import numpy as np

    return np.concatenate(parts)


def plain(text: str, code: str) -> str:
    """What is compared: letters and digits alone, small."""
    if code == "ja-JP":
        import pyopenjtalk

        spoken = pyopenjtalk.g2p(text, kana=True) if text else ""
    else:
        spoken = " ".join(word for sentence in sentences(text, code) for word in said(sentence))
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", spoken).casefold() if unicodedata.category(sign)[0] in "LMN"
    )


def sentences(text: str, code: str) -> list[Sentence]:
    """As `read_text` reads them; in Hindi and Chinese, which it does not know, as they are written."""
    if code not in ("hi-IN", "cmn-CN"):
        return read_text(text, code)
    words: list[Part] = []
    for found in re.finditer(r"([^\s,,。?!.?!।]+)([,,。?!.?!।]?)", text):
        begin, end = (len(text[:place].encode()) for place in found.span(1))
        sign = unicodedata.normalize("NFKC", found[2]).replace("。", ".").replace("।", ".")
        words.append(Word(found[1], begin, end, (found[1],), Style(code), behind=sign))
    return [Sentence(text, 0, len(text.encode()), words)]


def said(sentence: Sentence) -> list[str]:
    return [spoken for part in sentence.parts if isinstance(part, Word) for spoken in part.spoken]


if __name__ == "__main__":
    sys.exit(main())
