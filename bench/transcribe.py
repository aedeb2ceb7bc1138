"""Transcribe beside faster-whisper called directly: word errors, word times, CPU; and what a vocabulary does.

python bench/transcribe.py --data DIR        (or HONMONO_SPEECH=DIR)

DIR holds recordings that are not in the repository, by these names and hashes: five sentences of a LibriVox reading of
"Sense and Sensibility" (pocketsphinx 5.1.1's source distribution, test/data/librivox/*.wav), the beginning of "A Tale of
Two Cities" (`two_cities.wav` of the package moonshine-voice), and thirty seconds of a telephone call with its text
(`sample.wav`, `sample.stm` of pyannote-audio 4.0.7). The names for the vocabulary are `transcribe_data/names.tsv`, spoken
by Kokoro; they were written down before the first measurement.

Both sides read the same files, with one model each of the same weights, in this process: what is measured is a job's
hearing and writing, without the start of its process and the loading of its model.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import hashlib
import json
import os
import platform
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import soundfile
from faster_whisper import WhisperModel

from honmono.engines.speech.audio import AudioFile
from honmono.engines.speech.kokoro import Kokoro
from honmono.engines.speech.whisper import WhisperEngine
from honmono.services.transcribe.hearing import Hearing
from honmono.services.transcribe.transcript import results
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "transcribe.json"
NAMES = Path(__file__).parent / "transcribe_data" / "names.tsv"
FILES = {
    "sense_and_sensibility_01_austen_64kb-0870.wav": "b0557cf95c974d930577e58e46b7f068c432a6e3afcc286563d88922b2a5315c",
    "sense_and_sensibility_01_austen_64kb-0880.wav": "fbec491ef00ee734a67f0ee318e98c51c157b479e1629ff4f4426861ecac0414",
    "sense_and_sensibility_01_austen_64kb-0890.wav": "5793ffbdee55fb8bfd284943a6866864c832d9d4accf2661cabd39915c84ee10",
    "sense_and_sensibility_01_austen_64kb-0920.wav": "40882414ef4cc51f3ff7a63bad0c8c87e7f595ffeb8209fbf756c8ebc5c28a59",
    "sense_and_sensibility_01_austen_64kb-0930.wav": "954adbf0b56ac8a148cbe77b39ca18d76b5f2a1e1f405565bd786ce3e68a68b7",
    "two_cities.wav": "f3348494d77cb74a02862f5e685ed09faf3e75832c5cc5c80703282c2cd8b52e",
    "sample.wav": "c319b4abca767b124e41432d364fd7df006cb26bb79d09326c487d606a134e6e",
    "sample.stm": "f861f3004927e1c4429199f9695bfd252def75d7d5e4bdf735d3d85fd4a667f7",
}
AUSTEN = {
    "0870": "and mister john dashwood had then leisure to consider how much there might be prudently in his power to do "
    "for them",
    "0880": "he was not an ill disposed young man",
    "0890": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    "0920": "had he married a more amiable woman he might have been made still more respectable than he was",
    "0930": "he might even have been made amiable himself",
}
DICKENS = (
    "it was the best of times it was the worst of times it was the age of wisdom it was the age of foolishness it was the "
    "epoch of belief it was the epoch of incredulity it was the season of light it was the season of darkness it was the "
    "spring of hope it was the winter of despair we had everything before us we had nothing before us we were all going "
    "direct to heaven we were all going direct the other way in short the period was so far like the present period that "
    "some of its noisiest authorities insisted on its being received for good or for evil in the superlative degree of "
    "comparison only"
)
SAME = {"mr": "mister", "ok": "okay"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_SPEECH"))
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the recordings are: --data DIR")
    folder = Path(arguments.data)
    for name, digest in FILES.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != digest:
            parser.error(f"{folder / name} has sha256 {found}, not {digest}: another file")
    cache = Cache()
    engine = WhisperEngine(cache)
    engine.load()
    model = WhisperModel(
        str(cache.path("whisper-base", "model.bin").parent), device="cpu", compute_type="int8", cpu_threads=2
    )
    report = {
        "machine": platform.processor() or platform.machine(),
        "engine": engine.info().identity,
        "recordings": recordings(engine, model, folder),
        "vocabulary": vocabulary(engine, cache, folder),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def references(folder: Path) -> dict[str, tuple[str, str]]:
    """Of each recording the set that it belongs to, and what is said in it."""
    call = " ".join(line.split(" ", 5)[5] for line in (folder / "sample.stm").read_text("utf-8").splitlines())
    austen = {f"sense_and_sensibility_01_austen_64kb-{number}.wav": ("austen", text) for number, text in AUSTEN.items()}
    return {**austen, "two_cities.wav": ("two_cities", DICKENS), "sample.wav": ("call", call)}


def recordings(engine: WhisperEngine, model: WhisperModel, folder: Path) -> dict[str, Any]:
    """Word errors of both, how far their words' times agree, and what they took."""
    wrong: dict[str, list[int]] = {}
    cpu = {"ours": 0.0, "direct": 0.0}
    near = compared = 0
    seconds = 0.0
    for name, (group, said) in references(folder).items():
        seconds += soundfile.info(folder / name).duration
        began = time.process_time()
        ours = [
            (item["alternatives"][0]["content"], float(item["start_time"]), float(item["end_time"]))
            for item in hear(engine, folder / name)["items"]
            if item["type"] == "pronunciation"
        ]
        cpu["ours"] += time.process_time() - began
        began = time.process_time()
        found, _ = model.transcribe(
            str(folder / name), language="en", beam_size=5, word_timestamps=True, vad_filter=True
        )
        direct = [(word.word, word.start, word.end) for segment in found for word in segment.words or ()]
        cpu["direct"] += time.process_time() - began
        reference = normal(said)
        for who, heard in (("ours", ours), ("direct", direct)):
            errors = wrong.setdefault(f"{group} {who}", [0, 0])
            errors[0] += edits(reference, normal(" ".join(word for word, _, _ in heard)))
            errors[1] += len(reference)
        matches, count = agreeing(ours, direct)
        near, compared = near + matches, compared + count
    rates = {key: round(100 * errors / words, 1) for key, (errors, words) in wrong.items()}
    for who in ("ours", "direct"):
        pairs = [pair for key, pair in wrong.items() if key.endswith(who)]
        rates[f"all {who}"] = round(100 * sum(e for e, _ in pairs) / sum(w for _, w in pairs), 1)
    print("word errors in %:", rates)
    print(f"word times within 100 ms: {near} of {compared}; CPU {cpu}, ratio {cpu['ours'] / cpu['direct']:.3f}")
    return {
        "seconds": round(seconds, 1),
        "word_error_percent": rates,
        "word_times_within_100_ms": {"words": compared, "share": round(near / compared, 4)},
        "cpu_seconds": {who: round(spent, 1) for who, spent in cpu.items()},
        "cpu_ratio": round(cpu["ours"] / cpu["direct"], 3),
    }


def vocabulary(engine: WhisperEngine, cache: Cache, folder: Path) -> dict[str, Any]:
    """How many names are right without and with a vocabulary of all of them, and what it does where none is said."""
    kokoro = Kokoro(cache)
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    entries = [[row["name"], row["sounds like"], ""] for row in rows]
    cases: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        sound = kokoro.say(row["phonemes"], ("af_heart", "am_michael")[at % 2])
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "name.wav"
            soundfile.write(path, sound.samples, sound.rate)
            without, with_words = (text(hear(engine, path, given)) for given in ([], entries))
        others = [word for word in normal(row["sentence"]) if word != row["name"].lower()]
        cases.append(
            {
                "name": row["name"],
                "without": without,
                "with": with_words,
                "right_without": row["name"] in re.findall(r"\w+", without),
                "right_with": row["name"] in re.findall(r"\w+", with_words),
                "others_lost_without": len(set(others) - set(normal(without))),
                "others_lost_with": len(set(others) - set(normal(with_words))),
            }
        )
    harm = {}
    for given, key in (([], "without"), (entries, "with")):
        errors = count = 0
        for name, (_, said) in references(folder).items():
            reference = normal(said)
            errors += edits(reference, normal(text(hear(engine, folder / name, given))))
            count += len(reference)
        harm[key] = round(100 * errors / count, 1)
    right = {key: sum(case[f"right_{key}"] for case in cases) for key in ("without", "with")}
    lost = {key: sum(case[f"others_lost_{key}"] for case in cases) for key in ("without", "with")}
    print(f"names right of {len(cases)}: {right}; other words lost: {lost}; word errors elsewhere in %: {harm}")
    return {"names": len(cases), "right": right, "other_words_lost": lost, "word_error_elsewhere": harm, "cases": cases}


def hear(engine: WhisperEngine, path: Path, entries: list[list[str]] | None = None) -> dict[str, Any]:
    """The results that a job would write."""
    payload = {
        "request": {"LanguageCode": "en-US"},
        "vocabularies": {"en-US": entries} if entries else {},
        "filters": {},
    }
    with tempfile.TemporaryDirectory() as notes, AudioFile(path) as audio:
        hearing = Hearing(engine, payload, Path(notes) / "heard.json")
        for _ in hearing.hear(audio):
            pass
        return results(hearing.passages(), hearing.form())


def text(heard: dict[str, Any]) -> str:
    return str(heard["transcripts"][0]["transcript"])


def normal(said: str) -> list[str]:
    """The words in small letters, without marks.

    >>> normal("Mr. Dashwood's ill-disposed.")
    ['mister', "dashwood's", 'ill', 'disposed']
    """
    return [SAME.get(word, word) for word in re.findall(r"[\w']+", said.lower().replace("’", "'"))]


def edits(reference: list[str], heard: list[str]) -> int:
    """The fewest words to change, leave out or put in."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(reference, 1):
        before, row = row, [at]
        for place, other in enumerate(heard):
            row.append(min(before[place] + (word != other), before[place + 1] + 1, row[-1] + 1))
    return row[-1]


def agreeing(ours: list[tuple[str, float, float]], direct: list[tuple[str, float, float]]) -> tuple[int, int]:
    """Of the words that both heard, how many begin and end within 100 ms of each other; and how many there are."""
    a, b = (["".join(normal(word)) for word, _, _ in heard] for heard in (ours, direct))
    near = count = 0
    for block in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        for at in range(block.size):
            one, other = ours[block.a + at], direct[block.b + at]
            near += abs(one[1] - other[1]) <= 0.1 and abs(one[2] - other[2]) <= 0.1
            count += 1
    return near, count


if __name__ == "__main__":
    raise SystemExit(main())
