from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.copies import Copies, copy_groups, levelled
from honmono.evaluation.splits import Split, split, split_by_time, split_groups

LABELS = ["a"] * 613 + ["b"] * 300 + ["c"] * 77 + ["d"] * 10


def whole(parts: Split, cases: int) -> None:
    assert sorted(np.concatenate(parts.parts).tolist()) == list(range(cases))


def test_every_label_has_its_share_of_every_part():
    parts = split(LABELS, (0.7, 0.2, 0.1), seed=3)
    whole(parts, 1000)
    assert [len(part) for part in parts.parts] == [700, 200, 100]
    for part, share in zip(parts.parts, (0.7, 0.2, 0.1), strict=True):
        counts = Counter(LABELS[position] for position in part)
        for label, count in Counter(LABELS).items():
            assert abs(counts[label] - share * count) <= 1, label


def test_the_seed_decides_and_repeats():
    first, again, other = split(LABELS, seed=1), split(LABELS, seed=1), split(LABELS, seed=2)
    assert all((one == two).all() for one, two in zip(first.parts, again.parts, strict=True))
    assert set(first.test) != set(other.test)


def test_many_rare_labels_do_not_all_fall_into_the_training():
    labels = [f"label {number // 3}" for number in range(300)]
    parts = split(labels)
    whole(parts, 300)
    assert all(len({labels[position] for position in part}) == 100 for part in parts.parts)
    single = split([str(number) for number in range(200)])  # one case a label
    assert [len(part) for part in single.parts] == [160, 20, 20]


def test_a_part_may_be_left_out():
    parts = split(LABELS, (0.75, 0, 0.25))
    assert [len(part) for part in parts.parts] == [750, 0, 250]


@pytest.mark.parametrize("shares", [(0.8, 0.1, 0.2), (1.2, -0.1, -0.1), (float("nan"), 0.5, 0.5)])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(NotMeasurable, match="sum to 1"):
        split(LABELS, shares)


def test_no_group_is_in_two_parts_and_labels_keep_their_shares():
    chance = np.random.default_rng(5)
    groups = [int(group) for group in chance.integers(0, 120, 2000)]
    labels = ["rare" if group % 6 == 0 else "common" for group in groups]
    parts = split_groups(groups, labels, (0.6, 0.2, 0.2), seed=8)
    whole(parts, 2000)
    held = [{groups[position] for position in part} for part in parts.parts]
    assert not (held[0] & held[1] or held[0] & held[2] or held[1] & held[2])
    for part, share in zip(parts.parts, (0.6, 0.2, 0.2), strict=True):
        assert len(part) == pytest.approx(2000 * share, rel=0.05)
        rare = sum(labels[position] == "rare" for position in part)
        assert rare == pytest.approx(labels.count("rare") * share, rel=0.15)


def test_one_great_group_leaves_something_for_each_part():
    parts = split_groups(["all"] * 90 + ["one", "two"])
    whole(parts, 92)
    assert all(len(part) for part in parts.parts)
    with pytest.raises(NotMeasurable, match=r"2 group\(s\) cannot be dealt to 3 parts"):
        split_groups(["a", "a", "b"])


def test_time_runs_from_training_to_test_and_no_moment_is_divided():
    times = [f"2024-01-{1 + number % 28:02}" for number in range(280)]
    parts = split_by_time(times, (0.55, 0.25, 0.2))
    whole(parts, 280)
    dates = [sorted(times[position] for position in part) for part in parts.parts]
    assert dates[0][-1] < dates[1][0] and dates[1][-1] < dates[2][0]
    assert [len(set(each)) for each in dates] == [16, 7, 5]
    with pytest.raises(NotMeasurable, match="left for validation and test: there are 2 different times"):
        split_by_time([1, 2] * 50)
    assert [len(part) for part in split_by_time([1, 2, 3, 4], (0.5, 0, 0.5)).parts] == [2, 0, 2]


def test_near_copies_are_found_through_width_case_and_small_changes():
    test = ["この商品はとても良かったです。また買います！", "The train leaves at seven from platform four."]
    copies = list(
        Copies(test).find(
            [
                "THE TRAIN leaves at seven, from platform  four!",
                "この商品はとても良かったです。また必ず買います",
                "A wholly different sentence about trains.",
                "",
            ]
        )
    )
    assert [(copy.position, copy.of) for copy in copies] == [(0, 1), (1, 0)]
    assert copies[0].share == 1 and 0.5 <= copies[1].share < 1
    assert levelled("Ｇｒｅａｔ, really!") == "greatreally"


def test_copies_of_copies_are_one_group_that_a_split_keeps_together():
    texts = [
        "the quick brown fox jumps over the lazy dog",
        "an entirely unrelated line of words",
        "the quick brown fox jumps over the lazy dog and the sleeping cat",
        "over the lazy dog and the sleeping cat",
        "one more line that nothing else resembles",
    ]
    groups = copy_groups(texts)
    assert groups[0] == groups[2] == groups[3] and len(set(groups)) == 3
    parts = split_groups(groups, shares=(0.6, 0.2, 0.2))
    assert {0, 2, 3} in [set(part.tolist()) for part in parts.parts]
