from __future__ import annotations

import shutil

import pytest

from honmono.engines.translation.apertium import Apertium, command, installed

needed = pytest.mark.skipif(
    not any(mode.name == "eng-spa" for mode in installed()), reason="the package apertium-eng-spa is not installed"
)


@pytest.fixture
def apertium():
    made = Apertium()
    yield made
    made.close()


def test_a_mode_is_a_list_of_programs_that_answer_at_a_zero_byte():
    mode = "lt-proc '/a b/x.bin' | apertium-tagger -g $2 'y.prob' |lt-proc $1 'z.bin'\n"
    assert command(mode) == [
        ["lt-proc", "-z", "/a b/x.bin"],
        ["apertium-tagger", "-z", "-g", "y.prob"],
        ["lt-proc", "-z", "-n", "z.bin"],
    ]


@pytest.mark.skipif(shutil.which("lt-proc") is None, reason="apertium is not installed")
def test_directions_are_told_in_aws_codes(tmp_path):
    for name in ("eng-spa", "nob-nno", "eng-cat_valencia", "hbs-eng", "README", "xx-yy"):
        (tmp_path / f"{name}.mode").write_text("cat")
    found = {(mode.source, mode.target) for mode in installed(tmp_path)}
    assert found == {("en", "es"), ("no", "nn"), ("sr", "en"), ("hr", "en"), ("bs", "en")}


def test_without_a_folder_there_are_none(tmp_path):
    assert installed(tmp_path / "nowhere") == []


@needed
def test_texts_are_translated_one_for_one(apertium):
    made = apertium.translate("eng-spa", ["The house is big.", "", "Good night", "[a] {b} $5 \\ <c>"])
    assert made[:3] == ["La casa es grande.", "", "Buena noche"] or "casa" in made[0]
    assert made[1] == ""
    assert "[" in made[3] and "$5" in made[3] and "\\ <" in made[3]


@needed
def test_a_long_text_does_not_stop_the_pipes(apertium):
    [made] = apertium.translate("eng-spa", ["The dog sleeps. " * 3000])
    assert made.count("perro") == 3000


@needed
def test_programs_that_died_are_started_again(apertium):
    before = apertium.translate("eng-spa", ["The house is big."])
    apertium._pipelines["eng-spa"]._programs[4].kill()
    assert apertium.translate("eng-spa", ["The house is big."]) == before


@needed
def test_a_zero_byte_in_a_text_does_no_harm(apertium):
    assert len(apertium.translate("eng-spa", ["one\0two", "three"])) == 2
