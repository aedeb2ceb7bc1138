"""What a request costs beside the engine that answers it: DetectSentiment of 500 characters and BatchDetectEntities of
25 texts through the server, against the same engines called directly in this process; and eight clients against one.

    python bench/batching.py [ROUNDS]

Each round measures everything once, the direct calls right beside the server's, so that other work on the machine
meets both; the figures are medians over the rounds, a ratio is the median of the rounds' ratios. CPU times are those of
the server with its workers, and of this process; on a machine without other work a lone call takes about as long.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

from honmono.engines.text.entities import EntityEngine
from honmono.engines.text.sentiment import SentimentEngine
from honmono.weights import Cache
from peers import Peer, honmono, load, report, signed

STORIES = [
    "The hotel lies at the end of a quiet lane in Lucerne, ten minutes by tram from the station, and Maria Keller, who runs "
    "it with her brother, met us at the gate on 12 May with tea and a map. The room had been cleaned that morning, the "
    "sheets smelled of lavender, and from the window one could see the lake and the old mill. Breakfast was plain but "
    "good: bread from the village, honey, three kinds of cheese. Only the heating gave trouble on the second night, and "
    "it was mended within the hour. We would gladly come again next year.",
    "I ordered the lamp from Nordlicht on 3 March and waited four weeks for a parcel that was promised within five days. "
    "When it came, the shade was cracked, the plug did not fit, and the leaflet was for another model altogether. The "
    "woman on the telephone in Hamburg was polite and could do nothing; the form on their pages lost my message twice. "
    "In the end my bank returned the 89 euros, and the lamp went to the tip. Nothing about it was worth the trouble, and "
    "I shall not buy from them again, whatever they put on sale.",
    "The council of Leeds met on Tuesday to discuss the bridge over the Aire, which carries some 20,000 vehicles a day and "
    "was last repaired in 1998. An engineer, Dr Susan Whitfield, presented two plans: one closes the bridge for eleven "
    "months and costs 14 million pounds, the other keeps one lane open for two years and costs 19 million. Members asked "
    "about buses, cyclists and the market on the north side. A decision is expected on 4 October, after the residents "
    "have been asked for their view in writing and at a meeting.",
]
TEXTS = [(story * 2)[:500] for story in STORIES]
SENTENCES = [sentence.strip() + "." for story in STORIES for sentence in story.split(". ")][:25]
BATCH = [SENTENCES[number % len(SENTENCES)] for number in range(25)]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    cache = Cache()
    sentiment, entities = SentimentEngine(cache), EntityEngine(cache)
    sentiment.load()
    entities.load()
    found = []
    with honmono() as peer:
        single = [request(peer, "DetectSentiment", {"Text": text}) for text in TEXTS]
        batch = [request(peer, "BatchDetectEntities", {"TextList": BATCH})]
        for warm in (single, batch):
            load(peer, warm, 2, 6.0)  # the first request loads the engine
        for _ in range(rounds):
            found.append(
                measure(
                    lambda: [sentiment.classify.one(text, "en") for text in TEXTS],
                    lambda: entities.find(BATCH, ["en"] * len(BATCH)),
                    peer, single, batch,
                )
            )  # fmt: skip
    medians = {name: statistics.median(each[name] for each in found) for name in found[0]}
    rows = [
        {"": "engine, called directly", "sentiment p50 ms": medians["direct_ms"],
         "sentiment CPU-ms": medians["direct_cpu"], "25 entities ms": medians["direct_batch_ms"],
         "25 entities CPU-ms": medians["direct_batch_cpu"]},
        {"": "server, one client", "sentiment p50 ms": medians["one_ms"], "sentiment CPU-ms": medians["one_cpu"],
         "requests/s": medians["one_rate"], "25 entities ms": medians["batch_ms"],
         "25 entities CPU-ms": medians["batch_cpu"]},
        {"": "server, eight clients", "sentiment p50 ms": medians["eight_ms"], "sentiment CPU-ms": medians["eight_cpu"],
         "requests/s": medians["eight_rate"]},
    ]  # fmt: skip
    report(
        "batching", rows,
        rounds=rounds,
        sentiment_times_direct=medians["times"],
        sentiment_cpu_times_direct=medians["cpu_times"],
        eight_clients_times_one=medians["gain"],
        batch_entities_of_direct=medians["share"],
        batch_entities_cpu_of_direct=medians["cpu_share"],
        lowest_sentiment_ms=min(each["one_ms"] for each in found),
        machine={"cores": os.cpu_count(), "load": os.getloadavg()[0]},
    )  # fmt: skip


def request(peer: Peer, operation: str, members: dict[str, object]) -> bytes:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"Comprehend_20171127.{operation}"}
    return signed(peer, "comprehend", "POST", "/", headers, json.dumps({**members, "LanguageCode": "en"}).encode())


def measure(
    sentiments: Callable[[], object], names: Callable[[], object],
    peer: Peer, single: list[bytes], batch: list[bytes],
) -> dict[str, float]:  # fmt: skip
    """One round. Direct calls before and behind the server's, the mean of both."""
    before, cpu_before = milliseconds(sentiments, 8)
    one = load(peer, single, 1, 1.5)
    behind, cpu_behind = milliseconds(sentiments, 8)
    eight = load(peer, single, 8, 1.5)
    batch_before, batch_cpu_before = milliseconds(names, 3)
    many = load(peer, batch, 1, 1.5)
    batch_behind, batch_cpu_behind = milliseconds(names, 3)
    assert not one["failed"] and not eight["failed"] and not many["failed"]
    direct, direct_cpu = (before + behind) / 2 / len(TEXTS), (cpu_before + cpu_behind) / 2 / len(TEXTS)
    direct_batch, direct_batch_cpu = (batch_before + batch_behind) / 2, (batch_cpu_before + batch_cpu_behind) / 2
    return {
        "direct_ms": direct,
        "direct_cpu": direct_cpu,
        "one_ms": one["p50_ms"],
        "one_cpu": one["cpu_ms_per_request"],
        "times": one["p50_ms"] / direct,
        "cpu_times": one["cpu_ms_per_request"] / direct_cpu,
        "one_rate": one["requests_per_second"],
        "eight_rate": eight["requests_per_second"],
        "eight_ms": eight["p50_ms"],
        "eight_cpu": eight["cpu_ms_per_request"],
        "gain": eight["requests_per_second"] / one["requests_per_second"],
        "direct_batch_ms": direct_batch,
        "direct_batch_cpu": direct_batch_cpu,
        "batch_ms": many["p50_ms"],
        "batch_cpu": many["cpu_ms_per_request"],
        "share": direct_batch / many["p50_ms"],
        "cpu_share": direct_batch_cpu / many["cpu_ms_per_request"],
    }


def milliseconds(call: Callable[[], object], times: int) -> tuple[float, float]:
    """The median wall time of a call, and its mean CPU time."""
    found, cpu = [], time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        call()
        found.append(time.perf_counter() - started)
    return statistics.median(found) * 1000, (time.process_time() - cpu) / times * 1000


if __name__ == "__main__":
    main()
