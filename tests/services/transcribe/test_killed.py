"""kill -9 while eight jobs wait and run: after the next start all of them finish, each with its own words."""

from __future__ import annotations

import time

import pytest
from tests.services.comprehend.test_killed_training import Killable
from tests.services.transcribe.spoken import TRAIN, WEATHER, Calls, file_of, said, text

pytestmark = [pytest.mark.weights, pytest.mark.slow]


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def test_eight_jobs_finish_after_the_server_was_killed(server):
    calls = Calls(server)
    train, weather = calls.put("train.flac", file_of(said(TRAIN), "FLAC")), calls.put("w.wav", file_of(said(WEATHER)))
    names = [f"job-{number}" for number in range(8)]
    for number, name in enumerate(names):
        calls.start(name, weather if number % 2 else train)
    until = time.monotonic() + 60
    while not any((server.folder / "jobs").glob("*/checkpoint/recording")):
        assert time.monotonic() < until
        time.sleep(0.02)
    server.kill()
    server.start()

    expected = ["The train leaves at 7 in the morning.", "The weather is very nice today."] * 4
    assert [text(calls.results(name)) for name in names] == expected
    for name in names:
        calls.transcribe.delete_transcription_job(TranscriptionJobName=name)
    assert calls.transcribe.list_transcription_jobs()["TranscriptionJobSummaries"] == []
