"""Speech that was made before: found again, bounded, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

from honmono.services.polly.cache import SpeechCache


def pieces(*given: bytes) -> Generator[bytes]:
    yield from given


def keep(cache: SpeechCache, digest: str, data: bytes) -> None:
    assert b"".join(cache.keeping(digest, pieces(data[:1], data[1:]))) == data


def test_what_was_kept_is_found_also_by_a_server_that_starts_again(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path / "speech", 1000)
    assert cache.find("one") is None
    keep(cache, "one", b"first")
    assert cache.find("one") == b"first"
    assert SpeechCache(tmp_path / "speech", 1000).find("one") == b"first"


def test_the_longest_unused_is_forgotten_first(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 250)
    for name in ("one", "two"):
        keep(cache, name, name.encode() * 33)
    assert cache.find("one")
    keep(cache, "three", b"3" * 100)
    assert cache.find("two") is None and cache.find("one") and cache.find("three")
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 250


def test_a_server_that_starts_again_knows_what_was_used_last(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 250)
    for age, name in enumerate(("one", "two")):
        keep(cache, name, b"x" * 100)
        os.utime(tmp_path / name, (100 - age, 100 - age))
    again = SpeechCache(tmp_path, 250)
    keep(again, "three", b"x" * 100)
    assert again.find("two") is None and again.find("one")


def test_speech_that_broke_off_is_not_kept(tmp_path: Path) -> None:
    cache, closed = SpeechCache(tmp_path, 1000), []

    def speaking() -> Generator[bytes]:
        try:
            yield b"half"
            yield b"whole"
        finally:
            closed.append(True)

    stream = cache.keeping("one", speaking())
    assert next(stream) == b"half"
    stream.close()
    assert cache.find("one") is None and closed == [True]
    assert not list(tmp_path.iterdir())


def test_too_large_speech_and_a_cache_of_nothing_keep_nothing(tmp_path: Path) -> None:
    small = SpeechCache(tmp_path / "small", 3)
    keep(small, "one", b"more than three")
    assert small.find("one") is None and not list((tmp_path / "small").iterdir())
    none = SpeechCache(tmp_path / "none", 0)
    keep(none, "one", b"x")
    assert none.find("one") is None and not (tmp_path / "none").exists()


def test_files_that_somebody_has_removed_are_not_found(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 1000)
    keep(cache, "one", b"first")
    (tmp_path / "one").unlink()
    assert cache.find("one") is None
    keep(cache, "one", b"again")
    assert cache.find("one") == b"again"
