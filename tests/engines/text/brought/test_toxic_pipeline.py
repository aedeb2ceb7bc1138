"""A directory whose labels are kinds of toxicity judges texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.engines.text.brought import models

from honmono.engines.errors import EngineUnavailable
from honmono.engines.text.brought.toxic_pipeline import PipelineToxicity
from honmono.weights import Cache

WORDS = {"darn": "obscene", "fool": "insult", "beware": "threat", "bad": "toxic"}
LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]


def made(folder: Path, **options: Any) -> PipelineToxicity:
    engine = PipelineToxicity(Cache(folder.parent / "cache"), {"model": str(folder), "device": "cpu", **options})
    engine.load()
    return engine


def test_several_labels_may_apply(tmp_path: Path) -> None:
    engine = made(models.classifier(tmp_path / "toxic", WORDS, LABELS, problem_type="multi_label_classification"))
    insult, threat = engine.judge(["you fool", "beware, fool and darn"], ["en", "en"])
    assert insult.types["INSULT"] > 0.95 and insult.types["VIOLENCE_OR_THREAT"] == 0.5  # of the logit 0
    assert threat.types["INSULT"] > 0.95 < threat.types["VIOLENCE_OR_THREAT"] and threat.types["PROFANITY"] > 0.95
    assert insult.overall == 0.5 and engine.judge.one("bad", "en").overall > 0.95
    assert insult.types["SEXUAL"] == 0.0  # the model has no label for it


def test_two_labels_share_one_probability(tmp_path: Path) -> None:
    engine = made(models.classifier(tmp_path / "binary", {"bad": "toxic", "nice": "neutral"}, ["neutral", "toxic"]))
    bad, nice = engine.judge(["bad", "nice"], ["en", "en"])
    assert bad.overall > 0.95 and nice.overall < 0.05


def test_without_a_label_for_the_whole_the_worst_type_counts(tmp_path: Path) -> None:
    folder = models.classifier(
        tmp_path / "types", {"fool": "insult", "darn": "obscene"}, ["insult", "obscene"],
        problem_type="multi_label_classification",
    )  # fmt: skip
    found = made(folder).judge.one("fool", "en")
    assert found.overall == found.types["INSULT"] > 0.95


def test_labels_that_are_no_toxicity_are_refused(tmp_path: Path) -> None:
    folder = models.classifier(tmp_path / "moods", {"nice": "positive"}, ["positive", "negative"])
    with pytest.raises(EngineUnavailable, match="nobody knows"):
        PipelineToxicity.configured({"model": str(folder)})
    with pytest.raises(EngineUnavailable, match="none of the model's labels is a kind"):
        PipelineToxicity.configured({"model": str(folder), "labels": {"*": ""}})
