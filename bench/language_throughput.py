"""DetectDominantLanguage at 8 connections, beside moto_server's DetectSentiment (a constant) in the same run."""

from __future__ import annotations

import json

from peers import Peer, honmono, load, medians, moto_server, report, signed

TEXTS = [
    "It is raining today in Seattle.",
    "今日は東京で雨が降っています。",
    "Il pleut aujourd'hui à Paris.",
    "Heute regnet es in Berlin.",
]


def requests(peer: Peer, operation: str, more: dict[str, str]) -> list[bytes]:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"Comprehend_20171127.{operation}"}
    return [
        signed(peer, "comprehend", "POST", "/", headers, json.dumps({"Text": text, **more}).encode()) for text in TEXTS
    ]


def main() -> None:
    rows = []
    for start, operation, more in (
        (honmono, "DetectDominantLanguage", {}),
        (moto_server, "DetectSentiment", {"LanguageCode": "en"}),
    ):
        with start() as peer:
            prepared = requests(peer, operation, more)
            load(peer, prepared, 8, 1.0)
            figures = medians(3, lambda peer=peer, prepared=prepared: load(peer, prepared, 8, 3.0))
            rows.append({"server": peer.name, "operation": operation, **figures, "rss_mb": peer.resident_mb()})
    report("language_throughput", rows, times_less_cpu=rows[1]["cpu_ms_per_request"] / rows[0]["cpu_ms_per_request"])


if __name__ == "__main__":
    main()
