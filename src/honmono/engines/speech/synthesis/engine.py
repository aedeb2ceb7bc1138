"""Speech synthesis: sentences in, sound and the times of everything in it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedInput
from honmono.engines.speech.synthesis.said import Said, Voice
from honmono.engines.speech.utterance import Sentence

if TYPE_CHECKING:
    from honmono.engines.speech.synthesis.phrase import Speaker


class SynthesisEngine(Engine):
    """Kokoro-82M ("neural") and fast voices ("standard").

    The same sentence gives the same samples.
    """

    name = "kokoro"
    version = "1.0-int8"
    licence = "Apache-2.0 (code, weights)"
    weights = ("kokoro", "misaki-lexicons", "english-tagger")
    languages = ("en-US", "en-GB", "es-ES", "fr-FR", "hi-IN", "it-IT", "ja-JP", "pt-BR", "cmn-CN")
    quality = "not yet measured"
    cost = Cost(memory_bytes=480 << 20)
    call_timeout = 600.0

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.speech.kokoro import Kokoro
        from honmono.engines.speech.phonemes import Phonemes
        from honmono.engines.speech.synthesis.kokoro_voices import kokoro_voice
        from honmono.engines.speech.synthesis.network import KokoroSpeaker

        kokoro = Kokoro(self.cache)
        speaker = KokoroSpeaker(kokoro, Phonemes(self.cache))
        self._voices: list[Voice] = []
        self._speakers: dict[tuple[str, str], Speaker] = {}
        for name in kokoro.voices():
            if (voice := kokoro_voice(name)) is not None:
                self._voices.append(voice)
                self._speakers[name, "neural"] = speaker

    def voices(self) -> list[Voice]:
        """All voices, by language."""
        return list(self._voices)

    def say(self, sentence: Sentence, voice: str, engine: str) -> Said:
        """Speak a sentence.

        Args:
            sentence: at most a few thousand characters; an empty one gives no samples.
            voice: a voice's id.
            engine: "neural" or "standard".

        Raises:
            UnsupportedInput: there is no such voice, or not for that engine.
            UnsupportedLanguage: a word's language is none that the voice can speak.
        """
        from honmono.engines.speech.synthesis.assembly import assemble

        speaker = self._speakers.get((voice, engine))
        if speaker is None:
            raise self._unknown(voice, engine)
        known = next(each for each in self._voices if each.id == voice)
        return assemble(sentence, speaker, known)

    def _unknown(self, voice: str, engine: str) -> UnsupportedInput:
        kinds = [kind for name, kind in self._speakers if name == voice]
        if kinds:
            return UnsupportedInput(f"the voice {voice} speaks as {' or '.join(kinds)}, not as {engine}")
        return UnsupportedInput(
            f"there is no voice {voice}", "name a folder of Kokoro's or Piper's: [engines.speech-synthesis] voices"
        )
