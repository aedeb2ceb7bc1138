"""Send thousands of damaged pictures to a running server: what it answers, how soon, and whether its workers live on.

    honmono up --data /tmp/fuzz &
    python bench/fuzz_pictures.py --url http://127.0.0.1:4566 --pid $! [--count 2000]

Seeds of every kind that is read are cut off, have bytes flipped, chunks torn out, doubled and lied about, sizes and marker
lengths rewritten, and tails swapped; made bombs come on top. Each goes to one of `--operations`. The script fails on a 5xx, on
a traceback or an address in an answer, on an error that is not Rekognition's, on an answer later than --slow seconds, and where
a true picture is not answered afterwards as it was before.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import numpy as np
from botocore.config import Config
from botocore.exceptions import ClientError
from PIL import Image
from sklearn.datasets import load_sample_images

HERE = Path(__file__).parent
ALLOWED = {"InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"}
REFUSED = {"EngineUnavailable"}
"""What an operation without an engine answers, once it has looked at the picture."""
TELLTALE = re.compile(r"Traceback|File \"|site-packages|0x[0-9a-f]{6}")
Bytes = bytes | bytearray


def seeds() -> list[bytes]:
    """A photograph in each form that is read."""
    photograph = Image.fromarray(load_sample_images().images[0]).resize((320, 214))
    grey = np.asarray(photograph.convert("L"))
    exif = Image.Exif()
    exif[0x0112] = 6
    return [
        file(photograph, "JPEG"),
        file(photograph, "JPEG", progressive=True, exif=exif),
        file(photograph.convert("CMYK"), "JPEG"),
        file(photograph.convert("L"), "JPEG", restart_marker_blocks=4),
        file(photograph, "PNG"),
        file(photograph.quantize(64), "PNG", transparency=3),
        file(photograph.convert("RGBA"), "PNG"),
        file(Image.fromarray(grey.astype(np.uint16) << 8), "PNG"),
        file(photograph, "PNG", save_all=True, append_images=[photograph.rotate(90)]),
    ]


def file(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes, lie: int = 0) -> bytes:
    return struct.pack(">I", (len(body) + lie) & 0xFFFFFFFF) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, colour: int, *chunks: bytes) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
        + b"".join(chunks)
    )


def bombs() -> list[bytes]:
    """Small files that would be large, and files that are not what they say."""
    zeros = zlib.compress(bytes(200_000_000), 9)
    whole = zlib.compress(bytes((10_000 * 3 + 1) * 10_000), 9)
    end = chunk(b"IEND", b"")
    return [
        png(10_000, 10_000, 8, 2, chunk(b"IDAT", whole), end),
        png(10_000, 10_000, 16, 6, chunk(b"IDAT", whole), end),
        png(10_000, 10_000, 1, 0, chunk(b"IDAT", zeros), end),
        png(2**31 - 1, 2**31 - 1, 8, 2, chunk(b"IDAT", zeros), end),
        png(100, 100, 8, 2, chunk(b"IDAT", zeros), end),
        png(100, 100, 8, 2, chunk(b"zTXt", b"a\0\0" + zeros), end),
        png(100, 100, 8, 2, chunk(b"iTXt", b"a\0\1\0\0\0" + zeros), end),
        png(100, 100, 8, 2, chunk(b"iCCP", b"a\0\0" + zeros), end),
        png(100, 100, 8, 2, *[chunk(b"tEXt", b"a\0" + bytes(1000))] * 3_000, end),
        png(100, 100, 8, 3, chunk(b"PLTE", bytes(3)), chunk(b"IDAT", zlib.compress(b"\xff" * 10_100)), end),
        b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8" + b"\xff\xe1\xff\xff" + b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 65_000,
        b"\xff\xd8" + b"\xff\xfe\xff\xff" * 100_000,
        b"\xff\xd8\xff\xc0\x00\x11\x08\x27\x10\x27\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
        file(Image.new("RGB", (1, 1)), "PNG"),
        file(Image.new("RGB", (80, 10_001)), "PNG"),
    ]


def mutant(draw: random.Random, originals: list[bytes]) -> bytes:
    """One of the originals, changed in one to four ways."""
    data: Bytes = bytearray(draw.choice(originals))
    for _ in range(draw.randint(1, 4)):
        data = draw.choice(WAYS)(draw, bytearray(data), originals)
    return bytes(data)


def cut(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    return data[: draw.randrange(len(data) + 1)]


def flip(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    for _ in range(draw.choice((1, 1, 8, 100))):
        if data:
            data[draw.randrange(len(data))] = draw.choice((0, 0xFF, 0x7F, draw.randrange(256)))
    return data


def flip_head(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    for _ in range(draw.randint(1, 3)):
        if data:
            data[draw.randrange(min(len(data), 200))] = draw.choice((0, 1, 0xFF, 0x80, draw.randrange(256)))
    return data


def tear(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    begin = draw.randrange(len(data) + 1)
    return data[:begin] + data[begin + draw.choice((1, 4, 50, 2_000)) :]


def double(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    begin = draw.randrange(len(data) + 1)
    return data[:begin] + data[begin : begin + draw.choice((4, 50, 2_000))] * draw.choice((2, 3, 40))


def swap_tail(draw: random.Random, data: bytearray, originals: list[bytes]) -> Bytes:
    other = draw.choice(originals)
    return data[: draw.randrange(len(data) + 1)] + other[draw.randrange(len(other)) :]


def resize(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    """Lie about width and height, with a right checksum where there is one."""
    sizes = draw.choice(((1, 1), (80, 80), (321, 214), (10_000, 10_000), (0, 0), (65_535, 65_535), (2**31 - 1, 1)))
    if data[:4] == b"\x89PNG" and len(data) > 33:
        data[16:24] = struct.pack(">II", *sizes)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    else:
        at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
        if at >= 0:
            data[at + 5 : at + 9] = struct.pack(">HH", *(size & 0xFFFF for size in sizes))
    return data


def reform(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    """Lie about depth and kind of colour, with a right checksum."""
    if data[:4] == b"\x89PNG" and len(data) > 33:
        data[24:29] = bytes((draw.choice((1, 2, 4, 8, 16, 3)), draw.randrange(8), 0, 0, draw.randrange(2)))
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return data


def insert_chunk(draw: random.Random, data: bytearray, _: list[bytes]) -> Bytes:
    kinds = (b"acTL", b"fcTL", b"PLTE", b"tRNS", b"eXIf", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"zTXt", b"IDAT", b"IHDR")
    made = chunk(
        draw.choice(kinds), draw.randbytes(draw.choice((0, 1, 4, 26, 300))), draw.choice((0, 0, 0, 5, -1, 2**31))
    )
    return data[:33] + made + data[33:]


Way = Callable[[random.Random, bytearray, list[bytes]], Bytes]
WAYS: tuple[Way, ...] = (cut, flip, flip, flip_head, flip_head, tear, double, swap_tail, resize, reform, insert_chunk)


class Sender:
    """Sends pictures and keeps what came of them."""

    def __init__(self, url: str, slow: float) -> None:
        self._client = boto3.client(
            "rekognition",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, read_timeout=120, max_pool_connections=16),
        )
        self._slow, self._lock = slow, threading.Lock()
        self.outcomes: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest = 0.0

    def call(self, operation: str, data: bytes) -> Any:
        answer = getattr(self._client, operation)(Image={"Bytes": data})
        answer.pop("ResponseMetadata")
        return answer

    def send(self, operation: str, data: bytes, told: str) -> None:
        begun = time.perf_counter()
        try:
            self.call(operation, data)
            outcome, message = "answered", ""
        except ClientError as error:
            outcome, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500 or outcome not in ALLOWED | REFUSED:
                self._fault(f"{told}: {outcome}: {message}", data)
        except Exception as error:  # noqa: BLE001 - whatever the client made of the answer is a finding
            outcome, message = type(error).__name__, str(error)
            self._fault(f"{told}: {outcome}: {message}", data)
        seconds = time.perf_counter() - begun
        with self._lock:
            self.outcomes[f"{operation}: {outcome}"] += 1
            self.slowest = max(self.slowest, seconds)
        if TELLTALE.search(message):
            self._fault(f"{told}: the message tells of the inside: {message}", data)
        if seconds > self._slow:
            self._fault(f"{told}: answered after {seconds:.1f} s", data)

    def _fault(self, told: str, data: bytes) -> None:
        with self._lock:
            self.faults.append(told)
            kept = Path(f"/tmp/fuzz_pictures_{len(self.faults)}.bin")
        kept.write_bytes(data)
        print(f"FAULT {told} ({kept})", flush=True)


def children(pid: int) -> dict[int, int]:
    """Kilobytes of the resident memory of a process's children."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(fields["PPid"]) == pid:
            found[int(fields["Pid"])] = int(fields.get("VmRSS", "0").split()[0])
    return found


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--url", default="http://127.0.0.1:4566")
    arguments.add_argument("--pid", type=int, help="the server's, to count its workers")
    arguments.add_argument("--count", type=int, default=2_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--slow", type=float, default=30.0)
    arguments.add_argument("--threads", type=int, default=4)
    arguments.add_argument(
        "--operations", default="detect_text,detect_moderation_labels,detect_protective_equipment", help="boto3's names"
    )
    given = arguments.parse_args()
    sender, operations = Sender(given.url, given.slow), given.operations.split(",")
    originals = seeds()
    checked = [(operation, original) for operation in operations for original in originals[::4]]
    before = [answer_of(sender, *each) for each in checked]
    workers = children(given.pid) if given.pid else {}
    draw = random.Random(given.seed)
    work = [(draw.choice(operations), mutant(draw, originals), f"mutant {number}") for number in range(given.count)]
    work += [(operation, bomb, f"bomb {number}") for number, bomb in enumerate(bombs()) for operation in operations]
    draw.shuffle(work)
    begun = time.perf_counter()
    with ThreadPoolExecutor(given.threads) as threads:
        list(threads.map(lambda each: sender.send(*each), work))
    for each, was in zip(checked, before, strict=True):
        if answer_of(sender, *each) != was:
            sender.faults.append(f"{each[0]} of a true picture is answered otherwise than before")
    after = children(given.pid) if given.pid else {}
    result = {
        "pictures": len(work),
        "seconds": round(time.perf_counter() - begun, 1),
        "slowest": round(sender.slowest, 2),
        "outcomes": dict(sorted(sender.outcomes.items())),
        "faults": sender.faults,
        "workers that lived through it": f"{len(set(workers) & set(after))} of {len(workers)}",
        "megabytes of workers": [round(sum(each.values()) / 1024) for each in (workers, after)],
    }
    print(json.dumps(result, indent=1))
    if not sender.faults:
        (HERE / "results/fuzz_pictures.json").write_text(json.dumps(result, indent=1) + "\n")
    return 1 if sender.faults else 0


def answer_of(sender: Sender, operation: str, data: bytes) -> Any:
    """What a true picture is answered, be it an error."""
    try:
        return sender.call(operation, data)
    except ClientError as error:
        return error.response["Error"]["Code"]


if __name__ == "__main__":
    sys.exit(main())
