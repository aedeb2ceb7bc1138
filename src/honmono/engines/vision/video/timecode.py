"""Time codes of frames, as SMPTE ST 12-1 counts them."""

from __future__ import annotations

from fractions import Fraction


def timecode(frame: int, rate: Fraction) -> str:
    """HH:MM:SS:FF of a frame, or HH:MM:SS;FF where frame numbers are dropped.

    At 29.97 and 59.94 frames a second the first two (four) numbers of each minute are left out, except of each tenth
    minute, so that the code keeps to the clock.

    >>> timecode(299, Fraction(30000, 1001))
    '00:00:09;29'
    >>> timecode(1800, Fraction(30000, 1001))
    '00:01:00;02'
    >>> timecode(1800, Fraction(25))
    '00:01:12:00'
    """
    nominal = max(1, round(rate))
    drops = nominal in (30, 60) and abs(float(rate) - nominal * 1000 / 1001) < 0.005
    if drops:
        dropped = nominal // 15
        a_minute = nominal * 60 - dropped
        ten_minutes = a_minute * 10 + dropped
        tens, rest = divmod(frame, ten_minutes)
        frame += 9 * dropped * tens
        if rest >= nominal * 60:
            frame += dropped * (1 + (rest - nominal * 60) // a_minute)
    seconds, within = divmod(frame, nominal)
    separator = ";" if drops else ":"
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{separator}{within:02d}"
