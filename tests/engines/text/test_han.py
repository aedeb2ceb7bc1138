from __future__ import annotations

import pytest

from honmono.engines.text import han


@pytest.mark.parametrize(
    ("text", "traditional", "simplified"),
    [("這是繁體中文", 2, 0), ("这是简体中文", 0, 2), ("中文", 0, 0), ("hello", 0, 0)],
)
def test_traditional_and_simplified_forms(text: str, traditional: int, simplified: int) -> None:
    count = han.count(text)
    assert (count.traditional, count.simplified) == (traditional, simplified)


def test_japanese_forms_and_kana() -> None:
    count = han.count("駅で気を付ける")
    assert count.han == 3
    assert count.kana == 4
    assert count.japanese == 2  # 駅 and 気 are forms that no Chinese set has
    assert count.unjapanese == 0


def test_characters_that_japan_lacks() -> None:
    assert han.count("简单设备").unjapanese == 4
