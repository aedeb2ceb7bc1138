from honmono.services.rekognition.splitting import split


def test_a_fifth_of_each_label_is_put_aside() -> None:
    labels = [["a"]] * 20 + [["b"]] * 10
    chosen = split(labels, 0.2)
    assert chosen is not None
    assert sum(place < 20 for place in chosen) == 4
    assert sum(place >= 20 for place in chosen) == 2
    assert split(labels, 0.2) == chosen
    assert split(list(reversed(labels)), 0.2) != chosen


def test_each_label_stays_in_both_parts() -> None:
    labels = [["a", "b"], ["a"], ["b"], ["a", "c"], ["c"], ["c", "b"]]
    chosen = split(labels, 0.2)
    assert chosen is not None
    for name in "abc":
        places = {place for place, names in enumerate(labels) if name in names}
        assert places & chosen
        assert places - chosen


def test_pictures_without_labels_stay() -> None:
    assert split([["a"], [], ["a"], []], 0.2) in ({0}, {2})


def test_one_picture_of_a_label_is_too_few() -> None:
    assert split([["a"], ["a"], ["b"]], 0.2) is None
    assert split([[], []], 0.2) is None
    assert split([["a", "b"], ["a", "b"]], 0.2) in ({0}, {1})
