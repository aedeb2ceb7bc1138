"""Transcripts that tell who said what."""

from __future__ import annotations

import numpy as np
import pytest
from botocore.exceptions import ClientError
from tests.services.transcribe.spoken import TRAIN, WEATHER, Calls, file_of, said, silence

pytestmark = [pytest.mark.weights, pytest.mark.slow]
LABELS = {"ShowSpeakerLabels": True, "MaxSpeakerLabels": 4}


@pytest.fixture(scope="module")
def calls(server):
    calls = Calls(server)
    pause = silence(0.5)
    her, him = said(TRAIN, "af_heart"), said(WEATHER, "am_michael")
    two = calls.put("two.wav", file_of(np.concatenate([pause, her, pause, him, pause, her, pause])))
    one = calls.put("one.wav", file_of(np.concatenate([pause, her, pause, said(WEATHER, "af_heart"), pause])))
    calls.start("two", two, Settings=LABELS)
    calls.start("one", one, Settings=LABELS)
    return calls


def labels(results: dict) -> dict[str, set[str]]:
    """Of each word who says it."""
    found: dict[str, set[str]] = {}
    for item in results["items"]:
        found.setdefault(item["alternatives"][0]["content"].lower(), set()).add(item["speaker_label"])
    return found


def test_each_word_is_labelled_with_who_says_it(calls):
    found = labels(calls.results("two"))
    assert found["train"] == {"spk_0"}
    assert found["weather"] == {"spk_1"}
    assert found["."] == {"spk_0", "spk_1"}


def test_one_voice_has_one_label(calls):
    results = calls.results("one")
    assert results["speaker_labels"]["speakers"] == 1
    assert set.union(*labels(results).values()) == {"spk_0"}


def test_segments_are_of_one_speaker_each(calls):
    results = calls.results("two")
    told = results["speaker_labels"]
    assert (told["speakers"], told["channel_label"]) == (2, "ch_0")
    assert [segment["speaker_label"] for segment in told["segments"]] == ["spk_0", "spk_1", "spk_0"]
    assert [segment["speaker_label"] for segment in results["audio_segments"]] == ["spk_0", "spk_1", "spk_0"]
    first = told["segments"][0]
    assert first["items"][0]["start_time"] == first["start_time"]
    assert first["items"][-1]["end_time"] == first["end_time"]
    assert sum(len(segment["items"]) for segment in told["segments"]) == sum(
        "start_time" in item for item in results["items"]
    )
    assert all("speaker_label" in item for item in results["items"])


def test_labels_do_not_go_together_with_channels(calls):
    with pytest.raises(ClientError, match="ChannelIdentification") as caught:
        calls.start("both", "s3://calls/two.wav", Settings={**LABELS, "ChannelIdentification": True})
    assert caught.value.response["Error"]["Code"] == "BadRequestException"
