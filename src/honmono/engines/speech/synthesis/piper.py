"""Voices of Piper's (M. Hansen, after VITS by J. Kim and others, 2021): a network from phonemes to sound, exported to
ONNX, with a configuration beside it.

Its sound depends on noise; here the noise is turned off, so that the same words sound the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput
from honmono.engines.speech.phonemes import Phonemes
from honmono.engines.speech.synthesis.phrase import Face, Phrase, phonemes_of
from honmono.engines.speech.synthesis.shaping import pace
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BEGIN, _PAD, _END = "^", "_", "$"
_MOST_SIGNS = 400
_LEAD_SECONDS = 0.05
_SLOWEST, _FASTEST = 0.5, 2.0
_SIGNS = ",.?!;:"
_IPA = {
    "A": "eɪ",
    "I": "aɪ",
    "O": "oʊ",
    "Q": "əʊ",
    "W": "aʊ",
    "Y": "ɔɪ",
    "ʤ": "dʒ",
    "ʧ": "tʃ",
    "ʦ": "ts",
    "ʣ": "dz",
    "ʨ": "tɕ",
    "ʥ": "dʑ",
    "ᵊ": "ə",
    "ᵻ": "ɪ",
    "T": "ɾ",
    "ꭧ": "ʈʂ",
}
"""Kokoro's phonemes that are not IPA's, which Piper's voices speak."""


@dataclass(frozen=True, slots=True)
class PiperConfig:
    """What `NAME.onnx.json` says.

    Attributes:
        language: AWS's code.
        gender: "Female" or "Male", or "" where it does not say.
        rate: samples a second.
        numbers: of each phoneme its inputs.
        length: the duration's scale at the voice's own pace.
        speakers: names and numbers; empty where there is one.
    """

    language: str
    gender: str
    rate: int
    numbers: dict[str, list[int]]
    length: float
    speakers: dict[str, int]

    @classmethod
    def read(cls, content: dict[str, Any]) -> PiperConfig:
        """Raises ValueError, saying what is wrong."""
        audio, inference = content.get("audio"), content.get("inference", {})
        rate = audio.get("sample_rate") if isinstance(audio, dict) else None
        if type(rate) is not int or not 8000 <= rate <= 48_000:
            raise ValueError("audio.sample_rate is no rate from 8000 to 48000")
        language = content.get("language")
        code = language.get("code") if isinstance(language, dict) else None
        espeak = content.get("espeak")
        if code is None and isinstance(espeak, dict):
            code = espeak.get("voice")
        if not isinstance(code, str) or not 2 <= len(code) <= 12:
            raise ValueError("neither language.code nor espeak.voice names a language")
        first, _, region = code.replace("_", "-").partition("-")
        numbers = content.get("phoneme_id_map")
        if not isinstance(numbers, dict) or not {_BEGIN, _PAD, _END} <= set(numbers):
            raise ValueError(f"phoneme_id_map has no {_BEGIN}, {_PAD} and {_END}")
        most = content.get("num_symbols", 1 << 16)
        for sign, ids in numbers.items():
            if not (isinstance(ids, list) and len(ids) <= 8 and all(type(n) is int and 0 <= n < most for n in ids)):
                raise ValueError(f"phoneme_id_map: {sign!r} has no list of numbers below num_symbols")
        length = inference.get("length_scale", 1.0) if isinstance(inference, dict) else 1.0
        if not isinstance(length, int | float) or not 0.1 <= length <= 10:
            raise ValueError("inference.length_scale is no number from 0.1 to 10")
        speakers = content.get("speaker_id_map") or {}
        if not isinstance(speakers, dict) or not all(type(n) is int and 0 <= n < 1 << 16 for n in speakers.values()):
            raise ValueError("speaker_id_map maps no names to numbers")
        gender = content.get("gender")
        return cls(
            language=f"{first.lower()}-{region.upper()}" if region else first.lower(),
            gender=gender if gender in ("Female", "Male") else "",
            rate=rate,
            numbers=numbers,
            length=float(length),
            speakers=speakers,
        )


def expose_durations(model: Any) -> None:
    """Add to a graph of Piper's (an onnx.ModelProto) the durations, which it rounds up, as its second output.

    Raises:
        ValueError: it does not round up just once, or has not one output.
    """
    import onnx

    found = [node.output[0] for node in model.graph.node if node.op_type == "Ceil"]
    if len(found) != 1 or len(model.graph.output) != 1:
        raise ValueError("it rounds up nothing, or several things, or has several outputs")
    model.graph.output.append(onnx.helper.make_tensor_value_info(found[0], onnx.TensorProto.FLOAT, None))


class PiperSpeaker:
    """Speaks with one network's voices."""

    def __init__(self, graph: bytes, config: PiperConfig, speakers: dict[str, int | None], phonemes: Phonemes) -> None:
        """`graph` as `expose_durations` left it. Raises onnxruntime's errors."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._inputs = {each.name for each in self._session.get_inputs()}
        if not {"input", "input_lengths", "scales"} <= self._inputs:
            raise ValueError("its inputs are not input, input_lengths and scales")
        self._config = config
        self._speakers = speakers
        self._phonemes = phonemes

    def speak(self, words: Sequence[Word], voice: str) -> Phrase:
        """See `Speaker.speak`. A phrase of one pace is said at it, others are left to be shaped."""
        import numpy as np

        paces = {pace(word) for word in words}
        speed = min(max(paces.pop(), _SLOWEST), _FASTEST) if len(paces) == 1 else 1.0
        read = phonemes_of(self._phonemes, words, self._config.language)
        found = Phrase(np.zeros(0, np.float32), self._config.rate, [(-1, -1)] * len(words), [], [speed] * len(words))
        sounds: list[NDArray[np.float32]] = []
        at = 0
        for signs in self._pieces(words, read):
            samples, spans = self._say([sign for sign, _, _ in signs], voice, speed)
            for (_, index, face), (begin, end) in zip(signs, spans, strict=True):
                before, _ = found.words[index]
                found.words[index] = (at + begin if before < 0 else before, at + end)
                if not found.faces or (found.faces[-1].viseme, found.faces[-1].word) != (face, index):
                    found.faces.append(Face(at + begin, face, index))
            sounds.append(samples)
            at += len(samples)
        found.samples = np.concatenate(sounds) if sounds else found.samples
        found.place_silent()
        return found

    def _pieces(self, words: Sequence[Word], read: Sequence[str]) -> list[list[tuple[str, int, str]]]:
        """Signs of IPA with their word and face, in calls of at most `_MOST_SIGNS`, cut between words."""
        pieces: list[list[tuple[str, int, str]]] = [[]]
        for index, (word, phonemes) in enumerate(zip(words, read, strict=True)):
            signs: list[tuple[str, int, str]] = []
            faces = self._phonemes.visemes(phonemes, word.style.language)
            for phoneme, face in zip(phonemes, faces, strict=True):
                signs += [(sign, index, face) for sign in _IPA.get(phoneme, phoneme) if sign in self._config.numbers]
            if not signs:
                continue
            signs += [
                (sign, index, "sil") for sign in word.behind[:1] if sign in _SIGNS and sign in self._config.numbers
            ]
            if pieces[-1] and len(pieces[-1]) + len(signs) > _MOST_SIGNS:
                pieces.append([])
            if pieces[-1] and " " in self._config.numbers:
                signs.insert(0, (" ", pieces[-1][-1][1], pieces[-1][-1][2]))
            pieces[-1] += signs[: 2 * _MOST_SIGNS]
        return [piece for piece in pieces if piece]

    def _say(self, signs: Sequence[str], voice: str, speed: float) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """The sound, and of each sign its first sample and the one behind its last."""
        import numpy as np

        numbers = self._config.numbers
        ids = [*numbers[_BEGIN], *numbers[_PAD]]
        edges = [len(ids)]
        for sign in signs:
            ids += [*numbers[sign], *numbers[_PAD]]
            edges.append(len(ids))
        ids += numbers[_END]
        feeds: dict[str, Any] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([0.0, self._config.length / speed, 0.0], np.float32),
        }
        if "sid" in self._inputs:
            feeds["sid"] = np.array([self._speakers[voice] or 0], np.int64)
        sound, durations = self._session.run(None, feeds)
        samples = np.nan_to_num(np.asarray(sound, np.float32).ravel()).clip(-1, 1)
        lengths = np.asarray(durations, np.float64).ravel()
        if len(lengths) != len(ids) or not np.isfinite(lengths).all() or lengths.min() < 0 or not lengths.sum():
            raise UnsupportedInput("the voice's network gives no duration for each of its phonemes")
        places = np.concatenate([[0.0], np.cumsum(lengths)]) * (len(samples) / lengths.sum())
        first = max(0, round(float(places[edges[0]])) - round(_LEAD_SECONDS * self._config.rate))
        ends = [round(float(places[edge])) - first for edge in edges]
        last = ends[-1] + first
        return samples[first:last], list(pairwise(ends))
