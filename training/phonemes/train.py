"""Trains the letter-to-sound models of English: python training/phonemes/train.py us|gb

A joint model of letters and phonemes (M. Bisani and H. Ney, "Joint-sequence models for grapheme-to-phoneme conversion",
2008): words are cut into graphones, a letter with the phonemes that it stands for, and an n-gram model with interpolated
Kneser-Ney discounting says which graphone follows which.

Data: misaki's lexicons (Apache-2.0) without the 2,000 held-out words in either dialect. What is learned goes to
src/honmono/engines/speech/phonemes/letters-us.npz and -gb.npz. About three minutes on one core, 1 GB of memory.
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).parent))

from held_out import held_out

from honmono.engines.speech.phonemes import english_letters
from honmono.engines.speech.phonemes.english_letters import EDGE, ORDER, kept, key_of
from honmono.engines.speech.phonemes.english_lexicon import WEIGHTS, lexicon_words
from honmono.weights import Cache

UNIT = re.compile(r"[ˈˌ]?.ː?")
LONGEST_CHUNK = 3
ROUNDS = 5
FEWEST = {1: 1, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 2}
"""How often an n-gram of each length must occur to be kept."""
FEWEST_CHUNKS = 5
"""How often a letter must stand for the same phonemes."""


def data(kind: str, cache: Cache) -> list[tuple[str, list[str]]]:
    """Words and their phonemes, in units of a phoneme with its stress and length."""
    hidden = held_out(cache.path(WEIGHTS, "us_gold.json"))
    pairs = []
    for word, forms in lexicon_words(cache, kind).items():
        small = word.lower()
        if small not in hidden and re.fullmatch("[a-z]{2,}", small) and not word[1:].isupper():
            pairs.append((small, UNIT.findall(forms["DEFAULT"].replace("ɾ", "T").replace("ʔ", "t"))))
    return sorted(pairs)


def align(pairs: list[tuple[str, list[str]]]) -> list[list[tuple[str, str]]]:
    """Each word as graphones, by Viterbi training: the counts of one round are the costs of the next."""
    costs: dict[tuple[str, str], float] = {}
    for turn in range(ROUNDS):
        counts: dict[tuple[str, str], int] = defaultdict(int)
        letters: dict[str, int] = defaultdict(int)
        aligned = []
        for word, units in pairs[:: 4 if turn < ROUNDS - 1 else 1]:
            path = _best(word, units, costs)
            if path is None:
                continue
            aligned.append(path)
            for graphone in path:
                counts[graphone] += 1
                letters[graphone[0]] += 1
        costs = {pair: -math.log(count / letters[pair[0]]) for pair, count in counts.items()}
        print(f"round {turn + 1}: {len(counts)} graphones", flush=True)
    return [path for path in aligned if all(counts[graphone] >= FEWEST_CHUNKS for graphone in path)]


def _best(word: str, units: list[str], costs: dict[tuple[str, str], float]) -> list[tuple[str, str]] | None:
    n, m = len(word), len(units)
    if m > LONGEST_CHUNK * n:
        return None
    scores = {0: 0.0}
    back: list[dict[int, int]] = []
    for i, letter in enumerate(word):
        new: dict[int, float] = {}
        came: dict[int, int] = {}
        for j, score in scores.items():
            for size in range(min(LONGEST_CHUNK, m - j) + 1):
                if costs:
                    cost = costs.get((letter, "".join(units[j : j + size])), 12.0 + 2 * size)
                else:
                    # The first round knows nothing but that letters and phonemes run side by side.
                    cost = abs((j + size) / m - (i + 1) / n) * 4 + (0, 0.5, 3, 6)[size] + (size == 0) * 1.0
                    cost -= 2.0 * (size == 1 and _alike(letter, units[j]))
                total = score + cost
                if total < new.get(j + size, 1e9):
                    new[j + size] = total
                    came[j + size] = j
        scores = new
        back.append(came)
    if m not in scores:
        return None
    path, j = [], m
    for i in range(n - 1, -1, -1):
        before = back[i][j]
        path.append((word[i], "".join(units[before:j])))
        j = before
    return path[::-1]


def _alike(letter: str, unit: str) -> bool:
    """Letters that look like their phonemes."""
    phoneme = unit.strip("ˈˌː")
    vowel = letter in "aeiouy"
    return (
        phoneme == letter
        or {"g": "ɡ", "r": "ɹ", "c": "k", "j": "ʤ", "q": "k", "t": "T"}.get(letter) == phoneme
        or (vowel and phoneme in "AIOQWYiuæaɑɒɔəɛɜɪʊʌᵊᵻ")
    )


def count(aligned: list[list[tuple[str, str]]], numbers: dict[tuple[str, str], int]) -> dict[int, dict[int, float]]:
    """By key of the n-gram (see `key_of`) its log probability, and by key of the context what is left for others."""
    grams: list[dict[tuple[int, ...], float]] = [defaultdict(float) for _ in range(ORDER + 1)]
    for path in aligned:
        ids = [EDGE] * (ORDER - 1) + [numbers[graphone] for graphone in path] + [EDGE]
        for end in range(ORDER - 1, len(ids)):
            grams[ORDER][tuple(ids[end - ORDER + 1 : end + 1])] += 1
    # Kneser-Ney: a shorter n-gram counts the different graphones that came before it, not how often it came.
    for order in range(ORDER - 1, 0, -1):
        for gram in grams[order + 1]:
            grams[order][gram[1:]] += 1
        for gram, number in list(grams[order + 1].items()):
            if gram[0] == EDGE and order < ORDER and gram[1:2] == (EDGE,):
                grams[order][gram[1:]] += number - 1
    probability: dict[tuple[int, ...], float] = {}
    left: dict[tuple[int, ...], float] = {(): 1.0}
    vocabulary = len(numbers) + 1
    for order in range(1, ORDER + 1):
        once = sum(number == 1 for number in grams[order].values())
        twice = sum(number == 2 for number in grams[order].values())
        discount = once / (once + 2 * twice) if once else 0.5
        total: dict[tuple[int, ...], float] = defaultdict(float)
        kept_mass: dict[tuple[int, ...], float] = defaultdict(float)
        for gram, number in grams[order].items():
            total[gram[:-1]] += number
        often = {gram: number for gram, number in grams[order].items() if number >= FEWEST[order]}
        for gram, number in often.items():
            kept_mass[gram[:-1]] += (number - discount) / total[gram[:-1]]
        for context in total:
            left[context] = max(1e-6, 1 - kept_mass[context])
        for gram, number in often.items():
            context = gram[:-1]
            lower = _lower(gram[1:], probability, left) if order > 1 else 1 / vocabulary
            probability[gram] = (number - discount) / total[context] + left[context] * lower
        print(f"order {order}: {len(often)} of {len(grams[order])}, discount {discount:.2f}", flush=True)
    return {"probability": probability, "left": left}  # type: ignore[return-value, dict-item]


def _lower(
    gram: tuple[int, ...], probability: dict[tuple[int, ...], float], left: dict[tuple[int, ...], float]
) -> float:
    weight = 1.0
    while gram not in probability:
        if len(gram) == 1:
            return weight * 1e-6
        weight *= left.get(gram[:-1], 1.0)
        gram = gram[1:]
    return weight * probability[gram]


def main() -> None:
    kind = sys.argv[1]
    pairs = data(kind, Cache())
    print(f"{kind}: {len(pairs)} words", flush=True)
    aligned = align(pairs)
    graphones = sorted({graphone for path in aligned for graphone in path})
    numbers = {graphone: number for number, graphone in enumerate(graphones, 1)}
    print(f"{len(aligned)} words aligned, {len(graphones)} graphones", flush=True)
    model = count(aligned, numbers)
    entries: dict[int, tuple[float, float]] = {}
    for gram, value in model["probability"].items():  # type: ignore[call-overload]
        entries[kept(key_of(gram))] = (math.log(value), math.log(model["left"].get(gram, 1.0)))  # type: ignore[call-overload]
    keys = np.array(sorted(entries), np.uint64)
    steps = np.array([[entries[int(key)][0], entries[int(key)][1]] for key in keys])
    coded = np.clip(np.round(-steps * english_letters.STEPS), 0, 255).astype(np.uint8)
    target = Path(english_letters.__file__).with_name(f"letters-{kind}.npz")
    steps_between = np.diff(keys, prepend=np.uint64(0))
    assert steps_between.max() < 1 << 32, "the keys are too far apart for 32 bits"
    np.savez_compressed(
        target,
        keys=steps_between.astype(np.uint32),
        probability=coded[:, 0],
        left=coded[:, 1],
        letters=np.array([letter for letter, _ in graphones]),
        phonemes=np.array([phonemes for _, phonemes in graphones]),
    )
    print(f"{len(keys)} n-grams, {target.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
