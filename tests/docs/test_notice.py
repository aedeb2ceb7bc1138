"""NOTICE names every weight, with its licence and where it is from."""

import pytest
from tests.docs import fences

from honmono.weights import Manifest

NOTICE = (fences.ROOT / "NOTICE").read_text("utf-8")


@pytest.mark.parametrize("weight", Manifest.load().values(), ids=lambda weight: weight.name)
def test_a_weight_is_named_with_licence_and_origin(weight) -> None:
    [paragraph] = [part for part in NOTICE.split("\n\n") if part.startswith(f"{weight.name}: ")]
    for said in (weight.weights_licence, weight.weights_origin, weight.code_licence, weight.code_origin):
        assert said in paragraph


def test_what_the_models_were_trained_on_is_named() -> None:
    said = NOTICE.lower()
    for source in ("goemotions", "vader", "tatoeba"):
        there = (fences.ROOT / "training/sentiment/sources.py").read_text("utf-8").lower()
        assert (source in there) == (source in said), f"{source}: NOTICE and training/sentiment/sources.py differ"


def test_no_endorsement_is_claimed() -> None:
    for page in (fences.ROOT / "README.md", fences.ROOT / "NOTICE"):
        assert "not affiliated with or endorsed by" in " ".join(page.read_text("utf-8").split())
