"""From words to phonemes: what the letters of a text sound like, in the characters that Kokoro was trained on.

    of                one string of phonemes for each word of a sentence
    convert_ipa       a pronunciation that somebody wrote in IPA
    convert_x_sampa   the same in X-SAMPA
    visemes           the face that goes with each phoneme, as Polly names it

One file a language; English stands on a lexicon of 180,000 words, Japanese on Open JTalk, the others on rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.engines.speech.phonemes.ipa import convert_ipa, convert_x_sampa, ipa_of_x_sampa, is_british
from honmono.engines.speech.phonemes.japanese import convert_kana
from honmono.engines.speech.phonemes.mandarin import convert_pinyin
from honmono.engines.speech.phonemes.visemes import SILENCE, visemes
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    from honmono.engines.speech.phonemes.reader import Reader
    from honmono.weights import Cache

__all__ = [
    "LANGUAGES",
    "SILENCE",
    "WEIGHTS",
    "Phonemes",
    "convert_ipa",
    "convert_kana",
    "convert_pinyin",
    "convert_x_sampa",
    "ipa_of_x_sampa",
    "visemes",
]

WEIGHTS = ("misaki-lexicons", "english-tagger")
"""What English needs."""
_ENGLISH = ("en-US", "en-GB", "en-AU", "en-IN", "en-IE", "en-ZA", "en-NZ", "en-GB-WLS", "en-SG")
_READERS = {
    "ja-JP": "japanese",
    "es-ES": "spanish",
    "es-MX": "american-spanish",
    "es-US": "american-spanish",
    "fr-FR": "french",
    "fr-CA": "french",
    "fr-BE": "french",
    "it-IT": "italian",
    "pt-BR": "brazilian",
    "pt-PT": "portuguese",
    "cmn-CN": "mandarin",
    "hi-IN": "hindi",
}
LANGUAGES = (*_ENGLISH, *_READERS)
"""AWS's codes of the languages that can be read."""


class Phonemes:
    """Reads words. What a language needs is loaded with its first word.

    Args:
        cache: where the pulled weights are.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._readers: dict[str, Reader] = {}

    def of(self, words: Sequence[Word], language: str) -> list[str]:
        """Kokoro's phonemes, one string a word, without punctuation; "" for a word that no letter of says anything.

        Words of a sentence belong into one call: neighbours change how a word is said ("the" before a vowel, French
        liaisons, Japanese readings).

        Args:
            words: in order. A word's `pronunciation`, where it has one, is said as it stands; its `role` tells English
                homographs apart.
            language: AWS's code, one of `LANGUAGES`.

        Raises:
            UnsupportedLanguage: none of them.
            ValueError: a pronunciation with signs that are no IPA.
            WeightsMissing: English without its lexicons.
        """
        given = [convert_ipa(word.pronunciation, language) if word.pronunciation else None for word in words]
        return self._reader(language).read(words, given)

    @staticmethod
    def visemes(phonemes: str, language: str) -> list[str]:
        """Of each character Polly's name of the face: see `visemes.visemes`."""
        return visemes(phonemes, language)

    def _reader(self, language: str) -> Reader:
        if language not in LANGUAGES:
            raise UnsupportedLanguage(language, LANGUAGES, "plug in a voice that reads it itself")
        kind = _READERS.get(language, "british" if is_british(language) else "american")
        if kind not in self._readers:
            self._readers[kind] = self._load(kind)
        return self._readers[kind]

    def _load(self, kind: str) -> Reader:
        match kind:
            case "japanese":
                from honmono.engines.speech.phonemes.japanese import Japanese

                return Japanese()
            case "spanish" | "american-spanish":
                from honmono.engines.speech.phonemes.spanish import Spanish

                return Spanish(lisps=kind == "spanish")
            case "french":
                from honmono.engines.speech.phonemes.french import French

                return French()
            case "italian":
                from honmono.engines.speech.phonemes.italian import Italian

                return Italian()
            case "brazilian" | "portuguese":
                from honmono.engines.speech.phonemes.portuguese import Portuguese

                return Portuguese(brazilian=kind == "brazilian")
            case "mandarin":
                from honmono.engines.speech.phonemes.mandarin import Mandarin

                return Mandarin(self._reader("en-US"))
            case "hindi":
                from honmono.engines.speech.phonemes.hindi import Hindi

                return Hindi(self._reader("en-US"))
        from honmono.engines.speech.phonemes.english import English

        return English(self._cache, british=kind == "british")
