"""Speech synthesis: sentences in, sound and the times of everything in it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, UnsupportedInput
from honmono.engines.speech.synthesis.said import Said, Voice
from honmono.engines.speech.utterance import Sentence

if TYPE_CHECKING:
    from honmono.engines.speech.synthesis.phrase import Speaker


class SynthesisEngine(Engine):
    """Kokoro-82M ("neural") and fast voices ("standard").

    The same sentence gives the same samples.

    Options:
        voices: a folder with voices of the user's own (see `own_voices`); of one name it is theirs that speaks.
        flite: where that program is, if not on the path.
    """

    name = "kokoro"
    version = "1.0-int8"
    licence = "Apache-2.0 (code, Kokoro's weights), CC BY 3.0 (the voice Mei), modified BSD (Open JTalk)"
    weights = ("kokoro", "misaki-lexicons", "english-tagger")
    languages = ("en-US", "en-GB", "es-ES", "fr-FR", "hi-IN", "it-IT", "ja-JP", "pt-BR", "cmn-CN")
    quality = (
        "CPU seconds for a second of audio on one thread: neural .59 to .65 (Kokoro's network alone .54 to .56), standard "
        "Japanese .095, English .017 (espeak-ng .005). Words fill the sound to the sample on 12 sentences in 5 languages; "
        "the first sounds of 15 utterances set in within 40 ms of their mark. Not measured here: how many words a "
        "recogniser hears rightly; the standard voices sound blurred beside the neural ones"
    )
    cost = Cost(memory_bytes=480 << 20)
    call_timeout = 600.0

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.speech.kokoro import Kokoro
        from honmono.engines.speech.phonemes import Phonemes
        from honmono.engines.speech.synthesis.flite import VOICES as FLITE_VOICES
        from honmono.engines.speech.synthesis.flite import FliteSpeaker, find_flite
        from honmono.engines.speech.synthesis.kokoro_voices import kokoro_voice
        from honmono.engines.speech.synthesis.network import KokoroSpeaker
        from honmono.engines.speech.synthesis.open_jtalk import MEI, OpenJtalkSpeaker
        from honmono.engines.speech.synthesis.own_voices import own_voices

        kokoro = Kokoro(self.cache)
        phonemes = Phonemes(self.cache)
        self._voices: dict[str, Voice] = {}
        self._speakers: dict[tuple[str, str], Speaker] = {}
        network = KokoroSpeaker(kokoro, phonemes)
        for name in kokoro.voices():
            if (voice := kokoro_voice(name)) is not None:
                self._add(voice, network)
        self._add(MEI, OpenJtalkSpeaker())
        program = find_flite(self.options.get("flite"))
        if program is not None:
            flite = FliteSpeaker(program, phonemes)
            for voice in FLITE_VOICES:
                self._add(voice, flite)
        if (folder := self.options.get("voices")) is not None:
            for voice, own in own_voices(Path(str(folder)), phonemes):
                self._add(voice, own)

    def _add(self, voice: Voice, speaker: Speaker) -> None:
        self._voices[voice.id] = voice
        for engine in voice.engines:
            self._speakers[voice.id, engine] = speaker

    def voices(self) -> list[Voice]:
        """All voices, by language."""
        return list(self._voices.values())

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
        return assemble(sentence, speaker, self._voices[voice])

    def _unknown(self, voice: str, engine: str) -> UnsupportedInput:
        folder = "[engines.speech-synthesis] voices"
        known = self._voices.get(voice)
        if known is not None:
            return UnsupportedInput(
                f"the voice {voice} speaks as {' or '.join(known.engines)}, not as {engine}",
                f"for another voice of {known.language} name a folder of Piper's or Kokoro's: {folder}",
            )
        if voice in {"slt", "rms", "awb"}:
            return UnsupportedInput(
                f"the voice {voice} is spoken by the program flite, which is not installed",
                "install it (apt-get install flite), or name where it is: [engines.speech-synthesis] flite",
            )
        return UnsupportedInput(f"there is no voice {voice}", f"name a folder of Piper's or Kokoro's: {folder}")
