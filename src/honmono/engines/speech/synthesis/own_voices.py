"""The user's own voices: a folder with exports of Piper's or of Kokoro's.

    NAME.onnx, NAME.onnx.json            a Piper voice, spoken as "standard"
    NAME.onnx, vocab.json, VOICE.bin     a Kokoro network and its styles (also in voices/), spoken as "neural"

Nothing in it is trusted: sizes are bounded, nothing outside the folder is read, and a graph may not refer to files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import EngineUnavailable
from honmono.engines.speech.synthesis.kokoro_voices import kokoro_voice
from honmono.engines.speech.synthesis.phrase import Speaker
from honmono.engines.speech.synthesis.said import Voice

if TYPE_CHECKING:
    from honmono.engines.speech.phonemes import Phonemes

_ENGINE = "speech-synthesis"
_LARGEST_GRAPH = 1 << 30
_LARGEST_JSON = 1 << 20
_STYLE_ROW = 256 * 4
_MOST_GRAPHS = 16
_MOST_SPEAKERS = 1000


def own_voices(folder: Path, phonemes: Phonemes) -> Iterator[tuple[Voice, Speaker]]:
    """The voices of a folder, ready to speak.

    Raises:
        EngineUnavailable: it is no such folder, or something in it cannot be read; says what and why.
    """
    if not folder.is_dir():
        raise EngineUnavailable(_ENGINE, f"{folder} is no folder: [engines.speech-synthesis] voices")
    graphs = sorted(folder.glob("*.onnx"))
    if not graphs:
        raise EngineUnavailable(_ENGINE, f"{folder} holds no .onnx: a Piper or Kokoro voice is needed")
    if len(graphs) > _MOST_GRAPHS:
        raise EngineUnavailable(_ENGINE, f"{folder} holds {len(graphs)} networks; at most {_MOST_GRAPHS} are loaded")
    for graph in graphs:
        if (folder / f"{graph.name}.json").exists():
            yield from _piper(folder, graph, phonemes)
        elif (folder / "vocab.json").exists():
            yield from _kokoro(folder, graph, phonemes)
        else:
            raise EngineUnavailable(
                _ENGINE, f"beside {graph} is neither {graph.name}.json (Piper) nor vocab.json (Kokoro)"
            )


def _piper(folder: Path, graph: Path, phonemes: Phonemes) -> Iterator[tuple[Voice, Speaker]]:
    from honmono.engines.speech.synthesis.piper import PiperConfig, PiperSpeaker, expose_durations

    path = folder / f"{graph.name}.json"
    try:
        config = PiperConfig.read(_json(folder, path))
    except ValueError as error:
        raise EngineUnavailable(_ENGINE, f"{path} is no configuration of a Piper voice: {error}") from error
    speakers: dict[str, int | None] = {graph.stem: None}
    if config.speakers:
        if len(config.speakers) > _MOST_SPEAKERS:
            raise EngineUnavailable(_ENGINE, f"{path} names more than {_MOST_SPEAKERS} speakers")
        speakers = {f"{graph.stem}.{name}": number for name, number in config.speakers.items()}
    try:
        speaker = PiperSpeaker(_graph(folder, graph, expose_durations), config, speakers, phonemes)
    except EngineUnavailable:
        raise
    except Exception as error:  # onnxruntime's have no common type
        raise EngineUnavailable(_ENGINE, f"{graph} cannot be run: {str(error)[:300]}") from error
    for name in speakers:
        yield Voice(name, config.language, config.gender, ("standard",), config.rate), speaker


def _kokoro(folder: Path, graph: Path, phonemes: Phonemes) -> Iterator[tuple[Voice, Speaker]]:
    from honmono.engines.speech.kokoro import MOST_PHONEMES, Kokoro, expose_durations
    from honmono.engines.speech.synthesis.network import KokoroSpeaker

    path = folder / "vocab.json"
    content = _json(folder, path)
    vocabulary = content.get("vocab", content)
    if not isinstance(vocabulary, dict) or not all(
        isinstance(sign, str) and len(sign) == 1 and type(number) is int and 0 <= number < 1000
        for sign, number in vocabulary.items()
    ):
        raise EngineUnavailable(_ENGINE, f"{path} maps no single characters to numbers below 1000")
    styles = folder / "voices" if (folder / "voices").is_dir() else folder
    voices = [voice for each in sorted(styles.glob("*.bin")) if (voice := kokoro_voice(each.stem)) is not None]
    if not voices:
        raise EngineUnavailable(_ENGINE, f"{styles} holds no styles named like af_heart.bin")
    for voice in voices:
        size = _inside(folder, styles / f"{voice.id}.bin").stat().st_size
        if size % _STYLE_ROW or not MOST_PHONEMES < size // _STYLE_ROW <= 4 * MOST_PHONEMES:
            raise EngineUnavailable(_ENGINE, f"{styles}/{voice.id}.bin is not {MOST_PHONEMES + 1} rows of 256 float32")
    try:
        kokoro = Kokoro.from_folder(_graph(folder, graph, expose_durations), vocabulary, styles)
    except EngineUnavailable:
        raise
    except Exception as error:  # onnxruntime's have no common type
        raise EngineUnavailable(_ENGINE, f"{graph} cannot be run: {str(error)[:300]}") from error
    speaker = KokoroSpeaker(kokoro, phonemes)
    for voice in voices:
        yield voice, speaker


def _inside(folder: Path, path: Path) -> Path:
    """The file itself, which may not lie elsewhere."""
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()) or not real.is_file():
        raise EngineUnavailable(_ENGINE, f"{path} is no file of {folder}")
    return real


def _json(folder: Path, path: Path) -> dict[str, Any]:
    real = _inside(folder, path)
    if real.stat().st_size > _LARGEST_JSON:
        raise EngineUnavailable(_ENGINE, f"{path} is larger than {_LARGEST_JSON} bytes")
    try:
        content = json.loads(real.read_bytes())
    except (ValueError, RecursionError) as error:
        raise EngineUnavailable(_ENGINE, f"{path} is no JSON: {error}") from error
    if not isinstance(content, dict):
        raise EngineUnavailable(_ENGINE, f"{path} holds no JSON object")
    return content


def _graph(folder: Path, path: Path, prepare: Any) -> bytes:
    """The graph, prepared; it must carry its weights in itself."""
    import onnx

    real = _inside(folder, path)
    if real.stat().st_size > _LARGEST_GRAPH:
        raise EngineUnavailable(_ENGINE, f"{path} is larger than {_LARGEST_GRAPH} bytes")
    try:
        model = onnx.load(str(real), load_external_data=False)
    except Exception as error:  # protobuf's have no common type
        raise EngineUnavailable(_ENGINE, f"{path} is no ONNX graph: {str(error)[:200]}") from error
    if _refers_outside(model.graph):
        raise EngineUnavailable(_ENGINE, f"{path} keeps its weights in another file: export it in one")
    try:
        prepare(model)
    except ValueError as error:
        raise EngineUnavailable(_ENGINE, f"{path} cannot tell when phonemes end: {error}") from error
    return bytes(model.SerializeToString())


def _refers_outside(graph: Any) -> bool:
    """Whether a tensor of the graph, or of a graph within it, lies in a file of its own."""
    import onnx

    def outside(tensor: Any) -> bool:
        return bool(tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data)

    if any(map(outside, graph.initializer)):
        return True
    for node in graph.node:
        for attribute in node.attribute:
            if any(map(outside, [attribute.t, *attribute.tensors])):
                return True
            if any(map(_refers_outside, [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs])):
                return True
    return False
