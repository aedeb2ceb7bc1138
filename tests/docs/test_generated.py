"""What scripts wrote into the pages is what they would write now."""

import tomllib
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from documentation import blocks, comparison, engines, figures, operations, picture, seen, spoken
from documentation.answers import Answer, Comparison, compare
from documentation.generated import BLOCKS

from honmono.wire.model import load

TOLERANCE = 0.02


@pytest.mark.parametrize(("page", "name", "text"), BLOCKS, ids=[f"{page.stem}-{name}" for page, name, _ in BLOCKS])
def test_a_generated_table_is_up_to_date(page, name, text) -> None:
    assert blocks.read(page, name) == text().strip(), "run: .venv/bin/python scripts/tables"


@pytest.mark.parametrize("page", comparison.pages(), ids=lambda page: page.name)
def test_the_comparison_on_a_page_is_that_of_the_kept_answers(page) -> None:
    answers = Comparison.load(comparison.ANSWERS)
    expected = comparison.table(answers, comparison.pages()[page])
    assert blocks.read(page, comparison.BLOCK) == expected, "run: .venv/bin/python scripts/comparison --draw"


def test_the_picture_is_that_of_the_kept_answers() -> None:
    drawn = picture.draw(Comparison.load(comparison.ANSWERS))
    assert comparison.PICTURE.read_text("utf-8") == drawn, "run: .venv/bin/python scripts/comparison --draw"


@pytest.mark.slow
@pytest.mark.weights
def test_the_kept_answers_are_those_that_both_servers_give_now() -> None:
    kept, now = Comparison.load(comparison.ANSWERS), compare()
    assert kept.texts == now.texts
    for old, new in zip(kept.moto + kept.honmono, now.moto + now.honmono, strict=True):
        assert replace(old, scores=None) == replace(new, scores=None), "run: .venv/bin/python scripts/comparison"
        assert (old.scores is None) == (new.scores is None)
        for name, score in (old.scores or {}).items():
            assert new.scores[name] == pytest.approx(score, abs=TOLERANCE)


@pytest.mark.weights
def test_what_the_page_claims_is_in_the_answers() -> None:
    """moto says the same of every text, and we do not."""
    kept = Comparison.load(comparison.ANSWERS)
    assert len({tuple((answer.scores or {}).values()) for answer in kept.moto}) == 1
    assert [answer.sentiment for answer in kept.honmono] == ["POSITIVE", "NEGATIVE", "POSITIVE", "NEGATIVE"]
    assert [answer.language for answer in kept.honmono] == [language for language, _ in kept.texts]


def made_up(label: str, best: float) -> Answer:
    scores = dict.fromkeys(("Positive", "Negative", "Neutral", "Mixed"), (1 - best) / 3)
    return Answer(label, {**scores, label.title(): best}, None, "en", None, "e/1")


def test_the_picture_shows_what_was_answered() -> None:
    texts = (("en", "a < b & c"), ("ja", "静か。" * 12))
    answers = (made_up("POSITIVE", 0.97), made_up("MIXED", 0.5))
    refused = Answer(None, None, "424 EngineUnavailable", None, "500", None)
    drawn = picture.draw(Comparison(texts, (refused, refused), answers, {"moto": "1", "honmono": "2"}))
    root = ElementTree.fromstring(drawn)
    said = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "“a < b & c”" in said and "POSITIVE" in said and "MIXED" in said and "0.970" in said
    assert said.count("not answered: 424 EngineUnavailable") == 2
    widths = [float(bar.get("width")) for bar in root.iter() if (bar.get("class") or "").startswith("ours")]
    assert max(widths) == pytest.approx(0.97 * 130, abs=0.1) and len(widths) == 8
    assert "prefers-color-scheme: dark" in drawn


def test_long_texts_are_wrapped_between_words_and_wide_characters() -> None:
    assert list(picture.wrapped("one " * 12)) == [" ".join(["one"] * 8), " ".join(["one"] * 4)]
    assert list(picture.wrapped("静" * 20)) == ["静" * 17, "静" * 3]


def test_partial_operations_are_operations_of_aws() -> None:
    for service, groups in tomllib.loads(operations.PARTIAL.read_text("utf-8")).items():
        known = load(service).operations
        for group in groups:
            assert not [name for name in group["operations"] if name not in known]


def test_states_follow_from_methods_and_tests() -> None:
    states = {
        (each.service, operation.name): operation.state
        for each in operations.coverage()
        for operation in each.operations
    }
    assert states["comprehend", "DetectDominantLanguage"] == "real"
    assert states["logs", "StartQuery"] == "not yet"
    assert len([1 for service, _ in states if service == "comprehend"]) == len(load("comprehend").operations)


@pytest.mark.weights
def test_every_engine_says_what_was_measured() -> None:
    rows = engines.quality().splitlines()[2:]
    assert rows and not [row for row in rows if "QUALITY" in row]


def test_a_page_without_the_block_is_named() -> None:
    with pytest.raises(blocks.BlockMissing, match="LICENSE has no block"):
        blocks.read(blocks.ROOT / "LICENSE", "quality")


def test_results_are_shown_whatever_their_form() -> None:
    rows = [{"what": "objects", "lost": 0}, {"what": "jobs", "lost": 2, "late": 0.12345}]
    by_name = {"ours": {"accuracy": 0.98765, "by_language": {"ja": 1.0, "pt": 0.94}}, "peer": {"accuracy": 0.5}}
    first, second, rest = figures.tables({"rows": rows, "results": by_name, "kills": 20, "cost": {"load_s": 1234.5}})
    assert first.splitlines()[2:] == ["| objects | 0 |  |", "| jobs | 2 | 0.123 |"]
    assert second.splitlines()[0] == "| results | accuracy | ja | pt |"
    assert second.splitlines()[2:] == ["| ours | 0.988 | 1 | 0.94 |", "| peer | 0.5 |  |  |"]
    assert "| kills | 20 |" in rest and "| cost: load s | 1234 |" in rest


@pytest.mark.parametrize("page", seen.pages(), ids=lambda page: page.name)
def test_what_was_seen_is_that_of_the_kept_answers(page) -> None:
    assert blocks.read(page, seen.BLOCK) == seen.table(seen.kept(), seen.pages()[page])
    moto, ours = zip(*((each.moto, each.honmono) for each in seen.kept()), strict=True)
    assert moto[0] == moto[1] and ours[0] != ours[1]


@pytest.mark.parametrize("page", spoken.pages(), ids=lambda page: page.name)
def test_the_sentences_on_a_page_are_those_that_were_heard(page) -> None:
    assert blocks.read(page, spoken.BLOCK) == spoken.table(spoken.kept(), spoken.pages()[page])
