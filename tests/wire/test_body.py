"""Bodies while they flow: whole, in pieces, held back, broken off."""

import asyncio
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from honmono.wire.body import HIGH_WATER, BodyReader, MemoryBody
from honmono.wire.errors import ServiceError

DATA = random.Random(7).randbytes(300_000)


def pieces(seed):
    chosen = random.Random(seed)
    position = 0
    while position < len(DATA):
        size = chosen.choice([1, 10, 1000, 30_000])
        yield DATA[position : position + size]
        position += size


async def filled(reader, source, error=None):
    for piece in source:
        await reader.feed(piece)
        if random.random() < 0.1:
            await asyncio.sleep(0)
    reader.end(error)


def with_thread(use, source=None, error=None):
    """Fill a reader on the loop while a thread uses it; what the thread returned."""

    async def run():
        reader = BodyReader(asyncio.get_running_loop())
        with ThreadPoolExecutor(1) as pool:
            used = asyncio.get_running_loop().run_in_executor(pool, use, reader)
            filling = asyncio.create_task(filled(reader, source or pieces(1), error))
            try:
                return await asyncio.wait_for(used, 20)
            finally:
                filling.cancel()
                reader.end()

    return asyncio.run(run())


@pytest.mark.parametrize("seed", range(5))
def test_a_thread_gets_every_byte(seed):
    assert with_thread(lambda reader: b"".join(reader), pieces(seed)) == DATA
    assert with_thread(lambda reader: reader.read(), pieces(seed)) == DATA


@pytest.mark.parametrize("size", [1, 7, 4096, 65_536, len(DATA), len(DATA) + 1])
def test_reading_so_many_bytes(size):
    def use(reader):
        parts = []
        while piece := reader.read(size):
            parts.append(piece)
            if len(parts) * size > 200_000 and size == 1:
                break
        return parts

    parts = with_thread(use)
    assert all(len(part) == size for part in parts[:-1])
    assert b"".join(parts) == DATA[: sum(map(len, parts))]
    if size > 1:
        assert sum(map(len, parts)) == len(DATA)


def test_nothing_more_comes_after_the_end():
    assert with_thread(lambda reader: (reader.read(), reader.read(), reader.read(5)), [b"abc"]) == (b"abc", b"", b"")
    assert with_thread(lambda reader: (reader.read(0), reader.read(2), reader.read()), [b"abc"]) == (b"", b"ab", b"c")


def test_reading_and_iterating_go_together():
    def use(reader):
        first = reader.read(2)
        return first + b"".join(reader)

    assert with_thread(use, [b"abcdef", b"ghi"]) == b"abcdefghi"


@pytest.mark.parametrize("seed", range(3))
def test_a_coroutine_gets_every_byte(seed):
    async def run():
        reader = BodyReader(asyncio.get_running_loop())
        filling = asyncio.create_task(filled(reader, pieces(seed)))
        found = [piece async for piece in reader]
        await filling
        return b"".join(found)

    assert asyncio.run(run()) == DATA


def test_a_slow_reader_holds_the_sender_back():
    async def run():
        reader = BodyReader(asyncio.get_running_loop())
        sent = 0

        async def fill():
            nonlocal sent
            for _ in range(100):
                await reader.feed(b"x" * 1_000_000)
                sent += 1_000_000
            reader.end()

        filling = asyncio.create_task(fill())
        await asyncio.sleep(0.05)
        assert HIGH_WATER - 1_000_000 <= sent <= HIGH_WATER + 1_000_000
        total = 0
        most_ahead = 0
        async for piece in reader:
            total += len(piece)
            most_ahead = max(most_ahead, sent - total)
            await asyncio.sleep(0)
        await filling
        return total, most_ahead

    total, most_ahead = asyncio.run(run())
    assert total == 100_000_000
    assert most_ahead <= 2 * HIGH_WATER + 1_000_000


def test_a_slow_thread_holds_the_sender_back():
    release = threading.Event()

    async def run():
        reader = BodyReader(asyncio.get_running_loop())
        sent = 0

        async def fill():
            nonlocal sent
            for _ in range(30):
                await reader.feed(b"x" * 1_000_000)
                sent += 1_000_000
            reader.end()

        def use():
            release.wait(10)
            return sum(map(len, reader))

        with ThreadPoolExecutor(1) as pool:
            used = asyncio.get_running_loop().run_in_executor(pool, use)
            filling = asyncio.create_task(fill())
            await asyncio.sleep(0.05)
            held = sent
            release.set()
            total = await asyncio.wait_for(used, 20)
            await filling
        return held, total

    held, total = asyncio.run(run())
    assert held <= HIGH_WATER + 1_000_000
    assert total == 30_000_000


def test_a_client_that_leaves_early_is_an_error_after_its_bytes():
    def use(reader):
        found = []
        try:
            found.extend(reader)
        except ServiceError as error:
            return b"".join(found), error.code
        return b"".join(found), None

    assert with_thread(use, [b"abc", b"def"], ConnectionError("gone")) == (b"abcdef", "IncompleteBody")

    async def run():
        reader = BodyReader(asyncio.get_running_loop())
        await filled(reader, [b"abc"], ConnectionError("gone"))
        found = []
        with pytest.raises(ServiceError, match="IncompleteBody"):
            async for piece in reader:
                found.append(piece)
        return found

    assert asyncio.run(run()) == [b"abc"]


def test_pieces_are_decoded_on_their_way():
    finished = []

    def use(reader):
        reader.decode_with(lambda piece: [piece.upper(), b"!"], lambda: finished.append(True))
        return reader.read()

    assert with_thread(use, [b"ab", b"c"]).replace(b"!", b"") == b"ABC"
    assert finished == [True]


def test_an_error_at_the_end_reaches_the_reader():
    def fall_short():
        raise ServiceError("XAmzContentSHA256Mismatch", "not what was signed")

    def use(reader):
        reader.decode_with(lambda piece: [piece], fall_short)
        with pytest.raises(ServiceError, match="XAmz"):
            reader.read()
        return True

    assert with_thread(use, [b"ab"])


def test_what_went_wrong_stays_wrong():
    """A second look at a body that broke off does not find its end."""

    def use(reader):
        codes = []
        for attempt in (reader.read, reader.read, lambda: list(reader)):
            with pytest.raises(ServiceError) as error:
                attempt()
            codes.append(error.value.code)
        return codes

    assert with_thread(use, [b"ab"], ConnectionError("gone")) == ["IncompleteBody"] * 3

    def refuse(piece):
        raise ServiceError("InvalidRequest", "malformed")

    def decode(reader):
        reader.decode_with(refuse, lambda: None)
        return use(reader)

    assert with_thread(decode, [b"ab", b"cd"]) == ["InvalidRequest"] * 3


def test_a_body_that_has_already_come():
    for data in (b"", b"abc"):
        assert BodyReader.holding(data).read() == data
        assert b"".join(BodyReader.holding(data)) == data
        assert BodyReader.holding(data).length == len(data)

        async def run(data=data):
            return b"".join([piece async for piece in BodyReader.holding(data)])

        assert asyncio.run(run()) == data


def test_bytes_in_memory_read_alike():
    body = MemoryBody(DATA)
    assert body.read(10) + b"".join(body) == DATA
    assert body.read() == b""
    assert body.length == len(DATA)
