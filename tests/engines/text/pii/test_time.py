"""No text takes more than linear time."""

import time

import pytest

from honmono.engines.text.pii import detect

PARTS = [
    "a", "1", " ", "\n", "@", ":", "(", "1 ", "1-", "1.", "A1 ", "Aa ", "a@", "a.", "ab:", "+1 ", "12 Oak ", "card 4111 ",
    "name: John Smith\n", "password is ", "GB82 AAAA ", "calle de la ", "Dear John ", "regards,\n", "a,a,a,a\n", "may 1 ",
    "flat 1, Aa Bb Cc ", "address: ", "http://a", "year old ",
]  # fmt: skip


def seconds(text: str) -> float:
    begun = time.process_time()
    detect(text, "es")
    return time.process_time() - begun


@pytest.mark.parametrize("part", PARTS)
def test_a_hostile_text_takes_time_in_proportion(part):
    detect("warm", "es")
    # About 0.1 s on an idle core; with the square of the length it would be minutes.
    assert seconds((part * 100_000)[:100_000]) < 0.6
