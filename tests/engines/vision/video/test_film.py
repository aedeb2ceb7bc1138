from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.engines.vision.video.films import scene, write_film

from honmono.engines.errors import DamagedInput, UnsupportedInput
from honmono.engines.vision.video.film import Film


def test_a_film_says_what_it_is(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", scene(1, 50))
    with Film(path) as film:
        assert film.info.container == "QuickTime / MOV"
        assert (film.info.codec, film.info.rate, film.info.width, film.info.height) == ("h264", 25, 192, 108)
        assert film.info.seconds == pytest.approx(2.0)
        assert film.info.range == "LIMITED"
        assert film.sounds() == []
    slower = write_film(tmp_path / "b.avi", scene(1, 30, (96, 64)), Fraction(10), "mpeg4")
    with Film(slower) as film:
        assert (film.info.container, film.info.codec) == ("AVI (Audio Video Interleaved)", "mpeg4")
        assert (film.info.rate, film.info.width) == (10, 96)


def test_every_frame_comes_with_its_number_and_time(tmp_path: Path) -> None:
    # The brightness of a frame tells which one it is; frames that lean on later ones are stored in another order.
    grey = [np.full((64, 64, 3), 20 + 4 * number, np.uint8) for number in range(50)]
    path = write_film(tmp_path / "a.mp4", grey, bf="3", preset="medium")
    with Film(path) as film:
        frames = list(film.frames())
    assert [frame.number for frame in frames] == list(range(50))
    assert [frame.milliseconds for frame in frames] == [40 * number for number in range(50)]
    assert [round((float(frame.pixels.mean()) - 20) / 4) for frame in frames] == list(range(50))


def test_frames_are_sampled_by_time(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", scene(1, 75))
    with Film(path) as film:
        assert [frame.milliseconds for frame in film.frames(2)] == [0, 520, 1000, 1520, 2000, 2520]
        assert [frame.number for frame in film.frames(2)] == [0, 13, 25, 38, 50, 63]
        later = list(film.frames(2, after=0.52))
        assert [frame.milliseconds for frame in later] == [1000, 1520, 2000, 2520]
        again = {frame.number: frame.pixels for frame in film.frames(2)}
        assert all(np.array_equal(frame.pixels, again[frame.number]) for frame in later)


def test_large_frames_are_made_smaller(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", scene(1, 3, (640, 320)))
    with Film(path) as film:
        assert next(film.frames()).pixels.shape == (320, 640, 3)
        assert next(film.frames(longest=100)).pixels.shape == (50, 100, 3)


def test_a_film_taken_upright_is_seen_upright(tmp_path: Path) -> None:
    picture = np.zeros((64, 128, 3), np.uint8)
    picture[:, :32] = 255  # the left of the stored frame
    data = write_film(tmp_path / "a.mp4", [picture] * 5).read_bytes()
    straight = re.escape(
        bytes.fromhex("0001000000000000000000000000000000010000000000000000000000000000") + b"\x40\0\0\0"
    )
    quarter = bytes.fromhex("0000000000010000000000000000ffff0000000000000000000000000000000000000000")
    quarter = b"\0\0\0\0" + b"\0\1\0\0" + b"\0\0\0\0" + b"\xff\xff\0\0" + b"\0" * 8 + b"\0\0\0\0" * 2 + b"\x40\0\0\0"
    head = data.index(b"tkhd")
    turned = data[:head] + re.sub(straight, lambda _: quarter, data[head:], count=1)
    assert turned != data
    (tmp_path / "turned.mp4").write_bytes(turned)
    with Film(tmp_path / "turned.mp4") as film:
        assert (film.info.width, film.info.height) == (64, 128)
        pixels = next(film.frames()).pixels
    # Turned clockwise by a quarter, as players show it, the left of the frame is the top.
    assert pixels.shape == (128, 64, 3)
    assert pixels[:20].mean() > 200 > 50 > pixels[60:].mean()


@pytest.mark.parametrize(
    "data",
    [b"", b"not a film", b"\0" * 4096, b"#EXTM3U\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile /etc/passwd\n"],
)
def test_what_is_no_film_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(data)
    with pytest.raises(UnsupportedInput):
        Film(tmp_path / "a.mp4")


def test_a_film_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    data = write_film(tmp_path / "a.mp4", scene(1, 200, (320, 180)), movflags="faststart").read_bytes()
    whole = write_film(tmp_path / "b.mkv", scene(1, 200, (320, 180))).read_bytes()
    assert len(data) > 1000
    (tmp_path / "half.mkv").write_bytes(whole[: len(whole) // 2])
    with Film(tmp_path / "half.mkv") as film, pytest.raises(DamagedInput, match="breaks off"):
        list(film.frames(5))
    (tmp_path / "no-index.mp4").write_bytes(data[: len(data) // 2])
    with pytest.raises(UnsupportedInput):
        Film(tmp_path / "no-index.mp4")


def test_damage_in_between_is_passed_over(tmp_path: Path) -> None:
    data = bytearray(write_film(tmp_path / "a.mkv", scene(1, 100), g="10").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 200] = bytes(200)
    (tmp_path / "b.mkv").write_bytes(bytes(data))
    with Film(tmp_path / "b.mkv") as film:
        frames = list(film.frames())
    assert 60 < len(frames) <= 100
