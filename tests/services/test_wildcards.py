import pytest

from honmono.services.wildcards import wildcards


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("a*", "abc", True),
        ("*c", "abc", True),
        ("a*c", "abbc", True),
        ("a*c", "acb", False),
        ("a*a", "a", False),
        ("*b*b*", "abxb", True),
        ("*b*b*", "ab", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("?*?", "a", False),
        ("?*?", "ab", True),
        ("a**b", "a.b", True),
        ("a*b?", "abcbd", True),
        ("a.c", "abc", False),
        ("*\n*", "a\nb", True),
    ],
)
def test_wildcards(pattern: str, value: str, fits: bool) -> None:
    assert wildcards(pattern)(value) is fits


def test_a_question_mark_may_be_itself() -> None:
    assert wildcards("a?", question_mark=False)("a?")
    assert not wildcards("a?", question_mark=False)("ab")
