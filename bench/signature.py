"""What signatures, chunked bodies and event streams cost, each beside botocore or the bare hash in the same
run.

CPU time of this process, medians of several rounds. Run: python bench/signature.py
"""

import hashlib
import hmac
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer
from rich.console import Console
from rich.table import Table

from honmono.wire.checksums import new_checksum
from honmono.wire.chunked import AwsChunkedDecoder, ChunkSigning
from honmono.wire.eventstream import EventStreamDecoder, event
from honmono.wire.signature import Secret, SignedRequest, signing_key, verify

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ROUNDS = 7
MEGABYTE = 1_000_000


def cpu_seconds(work: Callable[[], object], repeat: int) -> float:
    """Median CPU seconds of one call."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(repeat):
            work()
        rounds.append((time.process_time() - start) / repeat)
    return statistics.median(rounds)


def signed(signer, method, url, service, body=b"", headers=None):
    request = AWSRequest(method, url, data=body, headers={"Host": "127.0.0.1:4566", **(headers or {})})
    auth = signer(Credentials(KEY, SECRET), service, "us-east-1")
    auth.add_auth(request)
    split = urlsplit(request.url)
    received = {name.lower(): value for name, value in request.headers.items()}
    received |= {"user-agent": "Boto3/1.40", "accept-encoding": "identity", "content-length": str(len(body))}
    return SignedRequest(method, split.path, split.query, received)


def botocore_check(request: SignedRequest, service: str, body: bytes) -> bool:
    """What a server pays that lets botocore sign the request again and compares."""
    authorization = request.headers["authorization"]
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    again = AWSRequest(
        request.method,
        f"http://127.0.0.1:4566{request.raw_path}?{request.query}",
        data=body,
        headers={name: request.headers[name] for name in names},
    )
    again.context["timestamp"] = request.headers["x-amz-date"]
    auth = SigV4Auth(Credentials(KEY, SECRET), service, "us-east-1")
    signature = auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
    return hmac.compare_digest(signature, authorization.rpartition("=")[2])


def verification() -> list[tuple[str, str, float, float]]:
    body = json.dumps({"Text": "It was a bright cold day in April.", "LanguageCode": "en"}).encode()
    target = {
        "X-Amz-Target": "Comprehend_20171127.DetectSentiment",
        "Content-Type": "application/x-amz-json-1.1",
    }
    call = signed(SigV4Auth, "POST", "http://127.0.0.1:4566/", "comprehend", body, target)
    put = signed(S3SigV4Auth, "PUT", "http://127.0.0.1:4566/bucket/a%20key", "s3", body)
    url = signed(S3SigV4QueryAuth, "GET", "http://127.0.0.1:4566/bucket/a%20key", "s3")
    secret = Secret(SECRET, "root")

    def ours(request: SignedRequest, payload: bytes | None) -> Callable[[], object]:
        return lambda: verify(request, lambda *_: secret, now=datetime.now(UTC), body=payload)

    assert botocore_check(call, "comprehend", body)
    peer = cpu_seconds(lambda: botocore_check(call, "comprehend", body), 300)
    return [
        ("verify a JSON call", "µs", cpu_seconds(ours(call, body), 2000) * 1e6, peer * 1e6),
        ("verify an S3 put, body not read", "µs", cpu_seconds(ours(put, None), 2000) * 1e6, peer * 1e6),
        ("verify an S3 presigned URL", "µs", cpu_seconds(ours(url, b""), 2000) * 1e6, peer * 1e6),
    ]


def chunked() -> list[tuple[str, str, float, float]]:
    """10 MB in chunks of 64 KiB, fed 64 KiB at a time; the peer is the bare hash that has to be made
    anyway."""
    data = os.urandom(10 * MEGABYTE)
    size = 65_536
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    unsigned = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    key, scope, stamp = signing_key(SECRET, "20260203", "us-east-1", "s3"), "20260203/x", "20260203T040506Z"
    previous, pieces = "0" * 64, []
    for part in [*parts, b""]:
        digests = f"{hashlib.sha256(b'').hexdigest()}\n{hashlib.sha256(part).hexdigest()}"
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{scope}\n{previous}\n{digests}"
        previous = hmac.digest(key, text.encode(), "sha256").hex()
        pieces.append(b"%x;chunk-signature=%s\r\n%s" % (len(part), previous.encode(), part) + b"\r\n" * bool(part))
    signed_body = b"".join(pieces) + b"\r\n"

    def decode(body: bytes, signing: bool) -> None:
        chain = ChunkSigning(key, stamp, scope, "0" * 64) if signing else None
        decoder = AwsChunkedDecoder(signing=chain, decoded_length=len(data))
        for start in range(0, len(body), size):
            decoder.feed(body[start : start + size])
        decoder.finish()

    def slicing() -> None:
        for start in range(0, len(unsigned), size):
            unsigned[start : start + size]

    def hashing() -> None:
        slicing()
        for part in parts:
            hashlib.sha256(part).hexdigest()

    return [
        (
            "10 MB of unsigned chunks / only cutting it up",
            "ms",
            cpu_seconds(lambda: decode(unsigned, False), 10) * 1e3,
            cpu_seconds(slicing, 10) * 1e3,
        ),
        (
            "10 MB of signed chunks / only SHA-256 of it",
            "ms",
            cpu_seconds(lambda: decode(signed_body, True), 3) * 1e3,
            cpu_seconds(hashing, 3) * 1e3,
        ),
    ]


def events() -> list[tuple[str, str, float, float]]:
    """1,000 events of 3,200 bytes (100 ms of 16 kHz audio), fed 16 KiB at a time."""
    stream = event("AudioEvent", bytes(3200), "application/octet-stream").encode() * 1000

    def ours() -> None:
        decoder = EventStreamDecoder()
        for start in range(0, len(stream), 16_384):
            decoder.feed(stream[start : start + 16_384])
        decoder.finish()

    def peer() -> None:
        buffer = EventStreamBuffer()
        for start in range(0, len(stream), 16_384):
            buffer.add_data(stream[start : start + 16_384])
            for _ in buffer:
                pass

    return [("1,000 audio events", "ms", cpu_seconds(ours, 3) * 1e3, cpu_seconds(peer, 1) * 1e3)]


def checksums() -> list[tuple[str, str, float, float]]:
    data = os.urandom(10 * MEGABYTE)
    floor = cpu_seconds(lambda: hashlib.md5(data, usedforsecurity=False).digest(), 3) * 1e3
    rows = []
    for name in ("CRC32", "CRC32C", "CRC64NVME", "SHA256"):

        def work(name: str = name) -> None:
            checksum = new_checksum(name)
            checksum.update(data)
            checksum.digest()

        rows.append((f"{name} of 10 MB / MD5 of it", "ms", cpu_seconds(work, 3) * 1e3, floor))
    return rows


def main() -> None:
    rows = [*verification(), *chunked(), *events(), *checksums()]
    table = Table("what", "unit", "ours", "peer", "peer / ours", title="Signatures (peer: botocore, or what is named)")
    for what, unit, ours, peer in rows:
        table.add_row(what, unit, f"{ours:.3g}", f"{peer:.3g}", f"{peer / ours:.1f}")
    Console().print(table)
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    report = [{"what": what, "unit": unit, "ours": ours, "peer": peer} for what, unit, ours, peer in rows]
    (results / "signature.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
