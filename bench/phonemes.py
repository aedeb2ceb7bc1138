"""Phonemes judged by ears that are machines: Kokoro says sentences, Whisper writes down what it hears.

python bench/phonemes.py [LANGUAGE …]

Sentences: bench/phonemes.toml, eight a language, written before anything was measured. Peer: the phonemes of espeak-ng
(apt install espeak-ng), folded as misaki folds them, with which most of Kokoro's voices were trained; it cannot read
Japanese. What is counted is the character error rate: insertions, deletions and changes a character of the sentence,
after signs and capitals are left out; Japanese in kana, Chinese in pinyin with tones, since their writing is not
settled. The recogniser's own errors are in it.

And English letters to phonemes: the error of the model for unknown words on 2,000 words of the lexicon that it never
saw, drawn by hash (training/phonemes/held_out.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "training" / "phonemes"))

from held_out import SHA256, held_out

from honmono.engines.speech.kokoro import RATE, Kokoro
from honmono.engines.speech.phonemes import Phonemes
from honmono.engines.speech.phonemes.english_letters import Letters
from honmono.engines.speech.utterance import Style, Word
from honmono.engines.speech.whisper import WhisperEngine
from honmono.weights import Cache
from peers import RESULTS, report

SENTENCES = Path(__file__).with_suffix(".toml")
SENTENCES_SHA256 = "e4b1019eaf1e7a8031e225b4c8f46683266519fbadfb49ec6f6157e494d72c62"
VOICES = {
    "en-US": "af_heart",
    "en-GB": "bf_emma",
    "es-ES": "ef_dora",
    "fr-FR": "ff_siwis",
    "it-IT": "if_sara",
    "pt-BR": "pf_dora",
    "ja-JP": "jf_alpha",
    "cmn-CN": "zf_xiaobei",
    "hi-IN": "hf_alpha",
}
ESPEAK = {"en-US": "en-us", "en-GB": "en-gb", "es-ES": "es", "fr-FR": "fr-fr", "it-IT": "it", "pt-BR": "pt-br"}
ESPEAK |= {"cmn-CN": "cmn", "hi-IN": "hi"}
SIGNS = ".,?!;:。、，？।¿"


def words(sentence: str, language: str) -> list[Word]:
    """A sentence as the reading of a text would leave it: words, with the sign behind each."""
    cut = r"[^。、，？]+[。、，？]?" if language in {"ja-JP", "cmn-CN"} else r"\S+"
    found = []
    for piece in re.findall(cut, sentence):
        text = piece.strip(SIGNS)
        if text:
            found.append(Word(text, 0, 0, (text,), Style(language), behind=piece[len(piece.rstrip(SIGNS)) :][-1:]))
        elif found:
            found[-1] = Word(found[-1].text, 0, 0, found[-1].spoken, Style(language), behind=piece[-1])
    return found


def sign(behind: str) -> str:
    return {"。": ".", "、": ",", "，": ",", "？": "?", "।": "."}.get(behind, behind)


def ours(phonemes: Phonemes, sentence: str, language: str) -> str:
    parts = words(sentence, language)
    said = phonemes.of(parts, language)
    return " ".join(each + sign(word.behind) for each, word in zip(said, parts, strict=True) if each)


def espeak(sentence: str, language: str) -> str:
    """What misaki makes of espeak's phonemes."""
    clauses = []
    for clause, behind in re.findall(r"([^.,?!;:，。？।¿]+)([.,?!;:，。？।]?)", sentence):
        command = ["espeak-ng", "--ipa=3", "-q", "-v", ESPEAK[language], clause.strip()]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        clauses.append(_fold(" ".join(said.split()), language) + sign(behind))
    return " ".join(clauses)


def _fold(said: str, language: str) -> str:
    tied = said.replace("‍", "^")
    pairs = {"a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S"}
    pairs |= {"t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y"}
    if language.startswith("en"):
        pairs |= {"ʔˌn̩": "tᵊn", "ʔn": "tᵊn", "ə^l": "ᵊl", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə"}
        pairs |= {"ʔ": "t", "ʲ": "", "̃": "", "e": "A"}
        if language == "en-GB":
            pairs |= {"e^ə": "ɛː", "iə": "ɪə"}
        else:
            pairs |= {"ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ɾ": "T", "ː": ""}
    for old in sorted(pairs, key=len, reverse=True):
        tied = tied.replace(old, pairs[old])
    tied = re.sub("(\\S)̩", r"ᵊ\1", tied).replace("^", "").replace("-", "")
    return re.sub(r"\([a-z-]+\)", "", tied)


def plain(text: str, language: str) -> str:
    """What is compared."""
    if language == "ja-JP":
        import pyopenjtalk

        text = pyopenjtalk.g2p("".join(each for each in text if each.isalnum()), kana=True)
        return text.replace("’", "")
    if language == "cmn-CN":
        from pypinyin import Style as PinyinStyle
        from pypinyin import lazy_pinyin

        return " ".join(lazy_pinyin("".join(each for each in text if each.isalnum()), style=PinyinStyle.TONE3))
    text = unicodedata.normalize("NFC", text.lower()).replace("-", " ").replace("’", "'")
    kept = "".join(each for each in text if each.isalnum() or each == " " or unicodedata.category(each)[0] == "M")
    return " ".join(kept.split())


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        new = [i]
        for j, right in enumerate(other, 1):
            new.append(min(new[-1] + 1, row[j] + 1, row[j - 1] + (left != right)))
        row = new
    return row[-1]


def heard(
    say: Callable[[str, str], str], sentences: list[str], language: str, kokoro: Kokoro, whisper: WhisperEngine
) -> dict[str, Any]:
    """Character error rate, and every sentence."""
    import numpy as np
    import soxr

    errors, length, items = 0, 0, []
    code = {"cmn-CN": "zh"}.get(language, language[:2])
    for sentence in sentences:
        phonemes = "".join(each for each in say(sentence, language) if kokoro.knows(each))
        sound = kokoro.say(phonemes, VOICES[language])
        samples = np.pad(soxr.resample(sound.samples, RATE, 16_000), 8_000).astype(np.float32)
        text = "".join(segment.text for segment in whisper.transcribe(samples, code).segments)
        wanted, got = plain(sentence, language), plain(text, language)
        wrong = distance(wanted, got)
        errors, length = errors + wrong, length + len(wanted)
        items.append({"sentence": sentence, "phonemes": phonemes, "heard": text.strip(), "errors": wrong})
        print(f"  {wrong:3} {text.strip()}", flush=True)
    return {"cer": errors / length, "items": items}


def letters(cache: Cache) -> dict[str, float]:
    """The model for unknown words on those that it never saw."""
    model, wanted = Letters(british=False), held_out(cache.path("misaki-lexicons", "us_gold.json"))
    totals = dict.fromkeys(("errors", "length", "wrong", "bare errors", "bare length", "bare wrong"), 0)
    for word, said in wanted.items():
        right, guess = said.replace("ɾ", "T").replace("ʔ", "t"), model.read(word)
        bare, bare_guess = re.sub("[ˈˌ]", "", right), re.sub("[ˈˌ]", "", guess)
        totals["errors"] += distance(right, guess)
        totals["length"] += len(right)
        totals["wrong"] += right != guess
        totals["bare errors"] += distance(bare, bare_guess)
        totals["bare length"] += len(bare)
        totals["bare wrong"] += bare != bare_guess
    return {
        "words": len(wanted),
        "phoneme error rate": totals["bare errors"] / totals["bare length"],
        "words wrong": totals["bare wrong"] / len(wanted),
        "phoneme error rate, stress counted": totals["errors"] / totals["length"],
        "words wrong, stress counted": totals["wrong"] / len(wanted),
    }


def main() -> None:
    digest = hashlib.sha256(SENTENCES.read_bytes()).hexdigest()
    if digest != SENTENCES_SHA256:
        raise SystemExit(f"{SENTENCES.name} has sha256 {digest}, not {SENTENCES_SHA256}")
    texts: dict[str, list[str]] = tomllib.loads(SENTENCES.read_text("utf-8"))
    asked = sys.argv[1:] or list(VOICES)
    cache = Cache()
    kokoro, phonemes, whisper = Kokoro(cache, threads=2), Phonemes(cache), WhisperEngine(cache)
    whisper.load()
    rows, items = [], {}
    for language in asked:
        print(language, flush=True)
        mine = heard(lambda text, code: ours(phonemes, text, code), texts[language], language, kokoro, whisper)
        row = {"language": language, "voice": VOICES[language], "sentences": len(texts[language]), "cer": mine["cer"]}
        items[language] = mine["items"]
        if language in ESPEAK and shutil.which("espeak-ng"):
            print("  espeak-ng", flush=True)
            peer = heard(espeak, texts[language], language, kokoro, whisper)
            row["cer_espeak"] = peer["cer"]
            items[f"{language}, espeak-ng"] = peer["items"]
        rows.append(row)
    facts = {"letters to phonemes": letters(cache), "held-out words sha256": SHA256, "sentences sha256": digest}
    facts |= {"cores": os.cpu_count(), "items": items}
    if sys.argv[1:]:
        print(json.dumps({"rows": rows, **{k: v for k, v in facts.items() if k != "items"}}, indent=1))
        return
    report("phonemes", rows, **facts)
    print(RESULTS / "phonemes.json")


if __name__ == "__main__":
    main()
