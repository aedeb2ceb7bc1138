"""Speech recognition by Whisper (A. Radford and others, "Robust speech recognition via large-scale weak supervision",
2022) on CTranslate2, as faster-whisper runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.base import Cost, Engine, EngineUnavailable, UnsupportedInput, UnsupportedLanguage

if TYPE_CHECKING:
    import numpy as np

LONGEST_SECONDS = 900
"""Of one call: whoever has more cuts it where nobody speaks (see `pieces`)."""
WINDOW_SECONDS = 30
"""What the network sees at once."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was heard, with its leading blank and the punctuation that clings to it.

    Attributes:
        begin, end: seconds from the beginning of the samples.
        probability: the mean of its tokens' probabilities, between 0 and 1.
    """

    text: str
    begin: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech that was written in one go: a sentence, most often."""

    text: str
    begin: float
    end: float
    words: list[Word]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of samples, `samples[begin:end]`, in which somebody speaks."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class LanguageScore:
    """A language and how probable it is."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said.

    Attributes:
        language: the code that it was heard in, as Whisper writes it ("en", "ja", "zh").
    """

    language: str
    segments: list[Segment]


class WhisperEngine(Engine):
    """Whisper "base" in eight bits; `model` names the folder of any other model that faster-whisper reads.

    Options:
        model: a folder with model.bin, config.json, tokenizer.json and vocabulary.* (`large-v3`, `turbo` …).
        beam: hypotheses kept (5).
    """

    name = "faster-whisper"
    version = "base-int8"
    licence = "MIT (faster-whisper, CTranslate2, OpenAI's weights); its decoder PyAV brings FFmpeg with x264 (GPL-2.0)"
    weights = ("whisper-base",)
    languages = (
        "af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bo", "br", "bs", "ca", "cs", "cy", "da", "de", "el",
        "en", "es", "et", "eu", "fa", "fi", "fo", "fr", "gl", "gu", "ha", "haw", "he", "hi", "hr", "ht", "hu", "hy",
        "id", "is", "it", "ja", "jw", "ka", "kk", "km", "kn", "ko", "la", "lb", "ln", "lo", "lt", "lv", "mg", "mi",
        "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "nn", "no", "oc", "pa", "pl", "ps", "pt", "ro", "ru",
        "sa", "sd", "si", "sk", "sl", "sn", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl",
        "tr", "tt", "uk", "ur", "uz", "vi", "yi", "yo", "zh",
    )  # fmt: skip
    quality = (
        "99 s of recorded English: word errors 5.6 % (six read passages 0, a telephone call 18.5), as faster-whisper alone; "
        "262 of 263 words within 100 ms of its times"
    )
    cost = Cost(memory_bytes=480 << 20, cores=2)
    call_timeout = 3600.0

    _model: Any

    def load(self) -> None:
        """See `Engine.load`."""
        import ctranslate2
        from faster_whisper import WhisperModel

        device = str(self.options.get("device", "cpu"))
        kind = device.partition(":")[0]
        if kind == "cuda" and not ctranslate2.get_cuda_device_count():
            raise EngineUnavailable(self.name, 'no CUDA device is here: set device = "cpu"')
        folder = self.options.get("model")
        if folder is not None and not (Path(folder) / "model.bin").is_file():
            raise EngineUnavailable(self.name, f"{folder} holds no model.bin: `model` names a faster-whisper folder")
        path = Path(folder) if folder is not None else self.cache.path("whisper-base", "model.bin").parent
        try:
            self._model = WhisperModel(
                str(path),
                device=kind,
                compute_type="float16" if kind == "cuda" else "int8",
                cpu_threads=self.cost.cores,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineUnavailable(self.name, f"the model in {path} cannot be read: {error}") from error

    def languages_known(self) -> list[str]:
        """The codes of the languages that the model was trained on."""
        return list(self._model.supported_languages)

    def identify(self, samples: np.ndarray) -> list[LanguageScore]:
        """The languages that may be spoken, the likeliest first, from the first thirty seconds of speech.

        Args:
            samples: (n,) float32 at 16 kHz.
        """
        _, _, all_scores = self._model.detect_language(samples, vad_filter=True)
        return [LanguageScore(code, float(score)) for code, score in sorted(all_scores, key=lambda each: -each[1])]

    def stretches(self, samples: np.ndarray, pause: float = 0.5) -> list[Stretch]:
        """Where somebody speaks, cut at every pause, each with half a tenth of a second around it.

        Args:
            samples: (n,) float32 at 16 kHz.
            pause: seconds of silence that end a stretch.
        """
        from faster_whisper.vad import VadOptions, get_speech_timestamps

        options = VadOptions(min_silence_duration_ms=int(pause * 1000), speech_pad_ms=50)
        return [Stretch(found["start"], found["end"]) for found in get_speech_timestamps(samples, options)]

    def transcribe(self, samples: np.ndarray, language: str, hint: str = "") -> Transcript:
        """Write down what is said.

        Args:
            samples: (n,) float32 at 16 kHz, up to `LONGEST_SECONDS`.
            language: Whisper's code ("en").
            hint: words that are likely to occur, separated by commas.

        Raises:
            UnsupportedLanguage: the model does not know the language.
            UnsupportedInput: the samples are too many.
        """
        self._check_language(language)
        if len(samples) > LONGEST_SECONDS * 16_000:
            raise UnsupportedInput(f"at most {LONGEST_SECONDS} seconds can be heard in one call")
        if not len(samples):
            return Transcript(language, [])
        found, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=int(self.options.get("beam", 5)),
            word_timestamps=True,
            vad_filter=True,
            vad_parameters={"min_silence_duration_ms": 500},
            condition_on_previous_text=False,
            hotwords=hint or None,
        )
        segments = []
        for each in found:
            words = [Word(w.word, float(w.start), float(w.end), float(w.probability)) for w in each.words or ()]
            segments.append(Segment(each.text, float(each.start), float(each.end), words))
        return Transcript(language, segments)

    def glimpse(self, samples: np.ndarray, language: str) -> list[Word]:
        """The words of speech that still goes on: quicker than `transcribe` and less sure.

        Args:
            samples: (n,) float32 at 16 kHz, up to `glimpse.LONGEST_SECONDS`.
            language: Whisper's code ("en").

        Raises:
            UnsupportedLanguage: the model does not know the language.
            UnsupportedInput: the samples are too many.
        """
        from honmono.engines.speech import glimpse

        self._check_language(language)
        if len(samples) > glimpse.LONGEST_SECONDS * 16_000:
            raise UnsupportedInput(f"at most {glimpse.LONGEST_SECONDS} seconds can be glimpsed")
        if not len(samples):
            return []
        return [Word(w.text, w.begin, w.end, w.probability) for w in glimpse.glimpse(self._model, samples, language)]

    def alternatives(self, samples: np.ndarray, language: str, count: int) -> list[Segment]:
        """The likeliest ways to write down a short stretch, the likeliest first: the beam's hypotheses.

        Many of them differ in a mark or a capital alone; their words have times of their own.

        Args:
            samples: (n,) float32 at 16 kHz, up to thirty seconds.
            language: Whisper's code.
            count: at most so many.

        Raises:
            UnsupportedLanguage: the model does not know the language.
            UnsupportedInput: the samples are too many.
        """
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer

        self._check_language(language)
        if len(samples) > WINDOW_SECONDS * 16_000:
            raise UnsupportedInput(f"alternatives are found for at most {WINDOW_SECONDS} seconds")
        if not len(samples):
            return []
        model = self._model
        tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language)
        features = model.feature_extractor(samples)
        frames = features.shape[-1] - 1
        encoded = model.encode(pad_or_trim(features))
        found = model.model.generate(
            encoded,
            [model.get_prompt(tokenizer, [], without_timestamps=True)],
            beam_size=max(count, int(self.options.get("beam", 5))),
            num_hypotheses=count,
            max_length=model.max_length,
            suppress_blank=True,
            suppress_tokens=[-1],
        )[0]
        segments = []
        for tokens in found.sequences_ids:
            written = [token for token in tokens if token < tokenizer.eot]
            if not written:
                continue
            words = [
                Word(each["word"], float(each["start"]), float(each["end"]), float(each["probability"]))
                for each in model.find_alignment(tokenizer, [written], encoded, frames)[0]
                if each["word"]
            ]
            if words:
                segments.append(Segment(tokenizer.decode(written), words[0].begin, words[-1].end, words))
        return segments

    def _check_language(self, language: str) -> None:
        known = self._model.supported_languages
        if language not in known:
            raise UnsupportedLanguage(
                language, known, "plug in a multilingual model: [engines.speech-recognition] model"
            )
