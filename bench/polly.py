"""Polly beside the synthesis engine called directly: the first byte, the whole, CPU seconds, and the cache.

OMP_NUM_THREADS=1 python bench/polly.py [RUNS]

The text has 1,000 characters in eleven sentences; each run begins with another sentence, so that no answer comes from the
cache. The server's CPU time is that of the server and its engine's process. The engine directly is what the service does
too: reading the text into sentences, and speaking them one after the other. The cache is asked over one kept connection,
without boto3, whose own part is larger.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src")]

from honmono.engines.speech.reading import read_text  # noqa: E402
from honmono.engines.speech.synthesis.engine import SynthesisEngine  # noqa: E402
from honmono.weights import Cache  # noqa: E402
from peers import Peer, honmono, report, signed  # noqa: E402

SENTENCES = [
    "The harbour was quiet that morning, and the boats lay still beside the old stone wall.",
    "A woman in a red coat walked slowly to the end of the pier and looked out over the water.",
    "Somewhere behind her a door opened, and the smell of fresh bread came down the narrow street.",
    "She had waited eleven years for this letter, and now she did not want to read it.",
    "The gulls were louder than she remembered, or perhaps the town had grown more silent.",
    "At nine the first ferry would leave for the islands, with the post and a dozen tourists.",
    "Her brother had promised to meet her here, under the clock that had never told the right time.",
    "It began to rain, a fine rain that one sees on the sea before one feels it on the face.",
    "She turned the letter over twice, then put it back into the pocket where it had travelled so far.",
    "When the bell rang she did not look around, because she knew the sound of his steps.",
    "You are late, she said, and he laughed, and then neither of them spoke for a while at all.",
]
VOICE, ENGINE_VOICE, LANGUAGE = "Joanna", "af_heart", "en-US"
RATE = 16_000
HITS = 300


def text(run: int) -> str:
    """1,000 characters or a few less, whole sentences."""
    turned = SENTENCES[run % len(SENTENCES) :] + SENTENCES[: run % len(SENTENCES)]
    return " ".join(turned)[:1000].rpartition(".")[0] + "."


def request(peer: Peer, content: str, form: str) -> tuple[dict[str, str], bytes]:
    """The header fields and the body of a signed SynthesizeSpeech."""
    body = json.dumps({"Text": content, "VoiceId": VOICE, "OutputFormat": form, "Engine": "neural"}).encode()
    raw = signed(peer, "polly", "POST", "/v1/speech", {"Content-Type": "application/json"}, body)
    lines = raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines), body


def by_server(peer: Peer, content: str) -> dict[str, float]:
    headers, body = request(peer, content, "pcm")
    connection = http.client.HTTPConnection(*peer.address, timeout=600)
    before, started = peer.cpu_seconds(), time.perf_counter()
    connection.request("POST", "/v1/speech", body, headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    data = answer.read(1)
    first = time.perf_counter() - started
    data += answer.read()
    whole = time.perf_counter() - started
    cpu, seconds = peer.cpu_seconds() - before, len(data) / 2 / RATE
    connection.close()
    return {
        "first_byte_seconds": first,
        "seconds": whole,
        "first_of_whole": first / whole,
        "audio_seconds": seconds,
        "cpu_seconds_a_second": cpu / seconds,
    }


def directly(engine: SynthesisEngine, content: str) -> dict[str, float]:
    before, started = time.process_time(), time.perf_counter()
    sounds = [engine.say(sentence, ENGINE_VOICE, "neural") for sentence in read_text(content, LANGUAGE)]
    cpu, whole = time.process_time() - before, time.perf_counter() - started
    seconds = sum(len(sound.samples) / sound.rate for sound in sounds)
    return {"seconds": whole, "audio_seconds": seconds, "cpu_seconds_a_second": cpu / seconds}


def cached(peer: Peer, content: str, form: str) -> dict[str, float]:
    connection = http.client.HTTPConnection(*peer.address, timeout=600)
    taken = []
    for _ in range(HITS + 1):
        headers, body = request(peer, content, form)
        started = time.perf_counter()
        connection.request("POST", "/v1/speech", body, headers)
        data = connection.getresponse().read()
        taken.append((time.perf_counter() - started) * 1000)
    connection.close()
    hits = sorted(taken[1:])
    return {"bytes": len(data), "p50_ms": statistics.median(hits), "p95_ms": hits[int(0.95 * len(hits))]}


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    engine = SynthesisEngine(Cache())
    engine.load()
    engine.say(read_text("Warm.", LANGUAGE)[0], ENGINE_VOICE, "neural")
    served, direct = [], []
    with honmono() as peer:
        by_server(peer, "Warm.")
        for run in range(runs):  # in turn, so that both see the same machine
            served.append(by_server(peer, text(run)))
            direct.append(directly(engine, text(run)))
        hits = {form: cached(peer, text(0), form) for form in ("mp3", "pcm")}
    rows = [
        {"how": "SynthesizeSpeech, 1,000 characters", **medians(served)},
        {"how": "engine, directly", **medians(direct)},
        *({"how": f"SynthesizeSpeech from the cache, {form}", **found} for form, found in hits.items()),
    ]
    report(
        "polly", rows, runs=runs, service_of_engine=rows[0]["cpu_seconds_a_second"] / rows[1]["cpu_seconds_a_second"]
    )


if __name__ == "__main__":
    main()
