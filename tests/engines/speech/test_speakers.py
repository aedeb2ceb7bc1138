"""Who speaks when, in sound that was composed so that it is known."""

from __future__ import annotations

import io
import pickle
import struct
from collections import OrderedDict

import numpy as np
import pytest
from tests.conftest import CACHE
from tests.services.transcribe.spoken import RATE, TRAIN, WEATHER, said, silence

from honmono.engines.errors import UnsupportedInput
from honmono.engines.speech.speakers.clustering import Alikeness, centres
from honmono.engines.speech.speakers.diarization import DiarizationEngine
from honmono.engines.speech.speakers.encoder import mel_filters
from honmono.engines.torch_file import read_tensors
from honmono.weights import Cache


@pytest.fixture(scope="module")
def engine() -> DiarizationEngine:
    engine = DiarizationEngine(Cache(CACHE))
    engine.load()
    return engine


def talk(*voices: str) -> tuple[np.ndarray, list[tuple[float, float, str]]]:
    """Each voice says a sentence, one after the other: the sound, and who speaks from when to when."""
    sound, truth, at = [silence(0.3)], [], 0.3
    for number, voice in enumerate(voices):
        sentence = said((TRAIN, WEATHER)[number % 2], voice)
        sound += [sentence, silence(0.4)]
        truth.append((at, at + len(sentence) / RATE, voice))
        at += len(sentence) / RATE + 0.4
    return np.concatenate(sound), truth


@pytest.mark.weights
@pytest.mark.slow
def test_two_voices_get_two_numbers_that_alternate_as_composed(engine) -> None:
    sound, truth = talk("af_heart", "am_michael", "af_heart", "am_michael")
    turns = engine.turns(sound, 10)
    middles = [(begin + end) / 2 for begin, end, _ in truth]
    said_by = [next(turn.speaker for turn in turns if turn.begin <= middle <= turn.end) for middle in middles]
    assert said_by == [0, 1, 0, 1]
    assert {turn.speaker for turn in turns} == {0, 1}
    assert all(turn.begin < turn.end for turn in turns)


@pytest.mark.weights
@pytest.mark.slow
def test_one_voice_is_one_speaker(engine) -> None:
    sound, _ = talk("am_michael", "am_michael", "am_michael")
    assert {turn.speaker for turn in engine.turns(sound, 10)} == {0}


@pytest.mark.weights
@pytest.mark.slow
def test_pieces_of_a_recording_share_their_speakers(engine) -> None:
    first, _ = talk("af_heart", "am_michael")
    second, _ = talk("am_michael", "af_heart")
    begin = len(first) / RATE
    turns = engine.assign([engine.listen(first), engine.listen(second)], [0.0, begin], 5)
    order = [turn.speaker for turn in turns if turn.end - turn.begin > 0.8]
    assert [order[0], order[-1]] == [0, 0]
    assert {turn.speaker for turn in turns} == {0, 1}
    assert turns[-1].end > begin


@pytest.mark.weights
@pytest.mark.slow
def test_a_turn_does_not_end_within_a_word(engine) -> None:
    sound, truth = talk("af_heart", "am_michael")
    # One word as long as the pause between them and a little of both.
    word = (truth[0][1] - 0.3, truth[1][0] + 0.8)
    turns = engine.turns(sound, 2, [word])
    inside = {turn.speaker for turn in turns if turn.begin < word[1] - 0.1 and word[0] + 0.1 < turn.end}
    assert len(inside) == 1


@pytest.mark.weights
@pytest.mark.slow
def test_silence_has_no_turn_and_wrong_numbers_are_refused(engine) -> None:
    assert engine.turns(silence(3), 4) == []
    assert engine.turns(silence(0), 4) == []
    for number in (0, 31):
        with pytest.raises(UnsupportedInput, match="speakers"):
            engine.turns(silence(1), number)
    with pytest.raises(UnsupportedInput, match="seconds"):
        engine.listen(silence(901))


def test_groups_far_apart_are_counted_and_no_more_than_allowed() -> None:
    chance = np.random.default_rng(1)
    directions = np.eye(8)[:3]
    vectors = np.concatenate([each + chance.normal(0, 0.05, (40, 8)) for each in directions]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    seconds = np.full(len(vectors), 0.25, np.float32)
    assert len(centres(vectors, seconds, 10, Alikeness())) == 3
    assert len(centres(vectors, seconds, 2, Alikeness())) == 2
    assert len(centres(vectors[:40], seconds[:40], 10, Alikeness())) == 1


def test_each_mel_band_has_the_area_one() -> None:
    filters = mel_filters()
    assert filters.shape == (201, 40)
    # Broad bands only: the lowest are narrower than two bins of the transform.
    assert (filters.sum(axis=0) * 40)[20:] == pytest.approx(np.ones(20), abs=0.02)


def tensor_file(table: object, storages: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
        pickle.dump(value, out, 2)
    pickle.dump(table, out, 2)
    pickle.dump(list(storages), out, 2)
    for content in storages.values():
        out.write(struct.pack("<q", len(content) // 4) + content)
    return out.getvalue()


class Shell:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("touch /tmp/opened",)


@pytest.mark.parametrize(
    "content",
    [
        tensor_file({"model_state": OrderedDict(a=Shell())}, {}),
        tensor_file({"model_state": OrderedDict(a=print)}, {}),
        tensor_file({"other": OrderedDict()}, {}),
        b"PK\x03\x04 no such file",
        b"",
        tensor_file({"model_state": OrderedDict()}, {})[:40],
    ],
)
def test_files_that_are_no_tensors_are_refused(tmp_path, content: bytes) -> None:
    path = tmp_path / "hostile.pt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"hostile\.pt"):
        read_tensors(path, "model_state")
