"""Streams in real time through the whole server, beside the batch engine on the same sound in the same run.

python bench/streaming.py --data DIR

DIR holds 16 kHz mono .wav files, each with a .txt of what is said (the LibriVox sentences of pocketsphinx 5.1.1's tests,
`test/data/librivox`, are what the documentation's figures are from). Every file is streamed over a WebSocket as fast as it
was spoken, with a second of silence behind: first alone, one after the other, then eight at once. Told for each result: how
long after the utterance's last word was sent it came; how long after the utterance's beginning the first partial came.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import websockets

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.conftest import RunningServer, settings_for  # noqa: E402
from tests.services.transcribestreaming.talking import Told, address, audio_event, pcm  # noqa: E402

from honmono.engines.speech.whisper import WhisperEngine  # noqa: E402
from honmono.weights import Cache  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "streaming.json"
RATE = 16_000
CHUNK = 0.1
EVALUATION_FILES = {
    "sense_and_sensibility_01_austen_64kb-0870.wav": "b0557cf95c974d930577e58e46b7f068c432a6e3afcc286563d88922b2a5315c",
    "sense_and_sensibility_01_austen_64kb-0880.wav": "fbec491ef00ee734a67f0ee318e98c51c157b479e1629ff4f4426861ecac0414",
    "sense_and_sensibility_01_austen_64kb-0890.wav": "5793ffbdee55fb8bfd284943a6866864c832d9d4accf2661cabd39915c84ee10",
    "sense_and_sensibility_01_austen_64kb-0920.wav": "40882414ef4cc51f3ff7a63bad0c8c87e7f595ffeb8209fbf756c8ebc5c28a59",
    "sense_and_sensibility_01_austen_64kb-0930.wav": "954adbf0b56ac8a148cbe77b39ca18d76b5f2a1e1f405565bd786ce3e68a68b7",
}


@dataclass
class Run:
    """One stream: what was told, and when."""

    told: Told = field(default_factory=Told)
    begun: float = 0.0
    arrivals: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def final_latencies(self) -> list[float]:
        return [at - (self.begun + _last_word(each)) for at, each in self.arrivals if not each["IsPartial"]]

    def first_partials(self) -> list[float]:
        first: dict[str, float] = {}
        for at, each in self.arrivals:
            if each["IsPartial"]:
                first.setdefault(each["ResultId"], at - (self.begun + each["StartTime"]))
        return list(first.values())


def _last_word(result: dict[str, Any]) -> float:
    return max((item["EndTime"] for item in result["Alternatives"][0]["Items"]), default=result["EndTime"])


async def stream(server: RunningServer, samples: np.ndarray, **parameters: Any) -> Run:
    run = Run()
    size = int(RATE * CHUNK)
    async with websockets.connect(address(server, **parameters), proxy=None) as socket:
        run.begun = time.monotonic()

        async def send() -> None:
            for number, at in enumerate(range(0, len(samples), size)):
                # A chunk is sent when its last sample has been spoken.
                await asyncio.sleep(max(0.0, run.begun + (number + 1) * CHUNK - time.monotonic()))
                await socket.send(audio_event(pcm(samples[at : at + size])))
            await socket.send(audio_event(b""))

        sending = asyncio.create_task(send())
        async for frame in socket:
            before = len(run.told.results)
            run.told.take(frame)
            now = time.monotonic()
            run.arrivals += [(now, each) for each in run.told.results[before:]]
        await sending
    if run.told.failure:
        raise RuntimeError(f"{run.told.failure}: {run.told.message}")
    return run


def plain(text: str) -> list[str]:
    text = text.lower().replace("mr.", "mister").replace("-", " ").replace("—", " ")
    return "".join(sign for sign in text if sign.isalnum() or sign in " '").split()


def errors(reference: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for at, word in enumerate(reference, 1):
        above, row[0] = row[0], at
        for place, other in enumerate(heard, 1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (word != other))
    return row[-1]


def summary(runs: list[Run]) -> dict[str, Any]:
    finals = [each for run in runs for each in run.final_latencies()]
    partials = [each for run in runs for each in run.first_partials()]
    return {
        "streams": len(runs),
        "finals": len(finals),
        "partials": sum(len(run.told.partials) for run in runs),
        "final_after_last_word_s": _spread(finals),
        "first_partial_after_beginning_s": _spread(partials),
    }


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    return {
        "median": round(statistics.median(values), 2),
        "p90": round(sorted(values)[int(0.9 * (len(values) - 1))], 2),
        "worst": round(max(values), 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--at-once", type=int, default=8)
    arguments = parser.parse_args()
    clips = {}
    for name, digest in EVALUATION_FILES.items():
        path = arguments.data / name
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != digest:
            parser.error(f"{path} has sha256 {found}, not {digest}: another file")
        samples, rate = soundfile.read(path, dtype="float32")
        if rate != RATE:
            parser.error(f"{path} has {rate} samples a second, not {RATE}")
        clips[name] = np.concatenate([samples, np.zeros(RATE, np.float32)]), path.with_suffix(".txt").read_text()

    engine = WhisperEngine(Cache())
    engine.load()
    rows, reference_words, streamed_errors, batch_errors, glimpse_errors = [], 0, 0, 0, 0
    batch: dict[str, str] = {}
    for name, (samples, _) in clips.items():
        batch[name] = "".join(segment.text for segment in engine.transcribe(samples, "en").segments)
    costs = {}
    for seconds in (2, 5):
        samples = next(iter(clips.values()))[0][: seconds * RATE]
        for call in ("glimpse", "transcribe"):
            began = time.process_time()
            for _ in range(3):
                getattr(engine, call)(samples, "en")
            costs[f"{call}_{seconds}s_cpu_s"] = round((time.process_time() - began) / 3, 3)
    with tempfile.TemporaryDirectory() as folder:
        server = RunningServer(settings_for(Path(folder)))
        try:
            asyncio.run(stream(server, np.zeros(RATE, np.float32)))  # loads the engine
            alone = [asyncio.run(stream(server, samples)) for samples, _ in clips.values()]

            async def at_once() -> list[Run]:
                chosen = [list(clips.values())[number % len(clips)][0] for number in range(arguments.at_once)]
                return await asyncio.gather(*(stream(server, samples) for samples in chosen))

            together = asyncio.run(at_once())
        finally:
            server.close()
    for (name, (samples, text)), run in zip(clips.items(), alone, strict=True):
        reference = plain(text)
        glimpsed = "".join(word.text for word in engine.glimpse(samples, "en"))
        counts = [errors(reference, plain(each)) for each in (run.told.text, batch[name], glimpsed)]
        reference_words += len(reference)
        streamed_errors += counts[0]
        batch_errors += counts[1]
        glimpse_errors += counts[2]
        rows.append(
            {
                "clip": name,
                "seconds": round(len(samples) / RATE, 1),
                "words": len(reference),
                "streamed": run.told.text,
                "batch": batch[name].strip(),
                "glimpsed": glimpsed.strip(),
                "errors": dict(zip(("streamed", "batch", "glimpsed"), counts, strict=True)),
            }
        )
    names = list(clips)
    together_errors = sum(
        errors(plain(clips[names[number % len(names)]][1]), plain(run.told.text)) for number, run in enumerate(together)
    )
    together_words = sum(len(plain(clips[names[number % len(names)]][1])) for number in range(len(together)))
    report = {
        "engine": WhisperEngine.info().identity,
        "cores": os.cpu_count(),
        "load_average": [round(each, 1) for each in os.getloadavg()],
        "wer": {
            "streamed": round(streamed_errors / reference_words, 4),
            "streamed_at_once": round(together_errors / together_words, 4),
            "batch": round(batch_errors / reference_words, 4),
            "glimpsed": round(glimpse_errors / reference_words, 4),
            "words": reference_words,
        },
        "cost": costs,
        "alone": summary(alone),
        "at_once": summary(together),
        "clips": rows,
    }
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps({key: value for key, value in report.items() if key != "clips"}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
