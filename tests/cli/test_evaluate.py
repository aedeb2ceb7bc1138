"""`honmono evaluate comprehend`, in this process, with engines whose faults are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from honmono.cli.command import app
from honmono.engines import registry

PLANTED = {"words": "tests.cli.planted_moods:WordEngine", "deaf": "tests.cli.planted_moods:DeafEngine"}


@pytest.fixture(autouse=True)
def planted(tmp_path, monkeypatch):
    """Planted engines of sentiment, an empty folder, English."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(registry.BUILT_IN, "sentiment", PLANTED)
    monkeypatch.setitem(registry.BUILT_IN, "entities", {"places": "tests.cli.planted_moods:PlaceEngine"})
    monkeypatch.setitem(registry.BUILT_IN, "syntax", {"spaces": "tests.cli.planted_moods:SpaceEngine"})
    monkeypatch.setitem(registry.BUILT_IN, "pii", {"at-signs": "tests.cli.planted_moods:AtSignEngine"})


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["evaluate", "comprehend", *arguments])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def moods(name: str, *, good: int = 30, bad: int = 20, wrong: int = 5) -> str:
    rows = ["text,label"]
    rows += [f"a good film {number},positive" for number in range(good)]
    rows += [f"a bad film {number},Negative" for number in range(bad)]
    rows += [f"not good at all {number},NEGATIVE" for number in range(wrong)]
    Path(name).write_text("\n".join(rows) + "\n", "utf-8")
    return name


def measures(folder: str) -> dict[str, dict[str, dict[str, float]]]:
    found = json.loads(Path(folder, "report.json").read_text("utf-8"))
    return {row.pop("measure"): row for row in found["tables"]["measures"]}


SENTIMENT = ("--task", "sentiment", "--language", "en", "--rounds", "100")


def test_figures_follow_from_the_data():
    shown = run(*SENTIMENT, "--data", moods("films.csv"))
    assert "accuracy 0.909 (0.804–0.961)" in shown and "evaluation/sentiment-films/report.html" in shown
    assert measures("evaluation/sentiment-films")["accuracy"]["words/1.0"]["value"] == pytest.approx(50 / 55)
    run(*SENTIMENT, "--data", moods("harder.csv", wrong=20), "--out", "other")
    assert measures("other")["accuracy"]["words/1.0"]["value"] == pytest.approx(50 / 70)
    report = json.loads(Path("other/report.json").read_text("utf-8"))
    surest = report["tables"]["errors of words/1.0"][0]
    assert (surest["line"], surest["true"], surest["answered"]) == (52, "NEGATIVE", "POSITIVE")
    assert {path.name for path in Path("other").iterdir()} >= {
        "report.html",
        "confusion-words-1.0.svg",
        "reliability-words-1.0.svg",
        "roc-words-1.0.svg",
    }


def test_two_engines_are_compared_in_one_run():
    shown = run(*SENTIMENT, "--data", moods("films.csv"), "--engine", "words", "--engine", "deaf")
    report = json.loads(Path("evaluation/sentiment-films/report.json").read_text("utf-8"))
    (row,) = report["tables"]["differences"]
    assert row[""] == "deaf/1.0 instead of words/1.0"
    assert (row["newly right"], row["newly wrong"]) == (0, 30) and row["accuracy gained"]["value"] == pytest.approx(
        -30 / 55
    )
    assert "deaf/1.0 instead of words/1.0" in shown


def test_labels_of_ones_own_and_answers_among_them():
    Path("films.tsv").write_text("a good film\t1\na film\t1\nbad\t0\nso bad\t0\n", "utf-8")
    columns = ("--data", "films.tsv", "--text-column", "1", "--label-column", "2")
    shown = run(*SENTIMENT, *columns, code=1)
    assert (
        "films.tsv, line 1: sentiment has no label '1' (2 times), '0' (2 times)" in shown and "--map 1=LABEL" in shown
    )
    meaning = ("--map", "1=positive", "--map", "0=NEGATIVE")
    run(*SENTIMENT, *columns, *meaning)
    assert measures("evaluation/sentiment-films")["accuracy"]["words/1.0"]["value"] == 0.75
    run(*SENTIMENT, *columns, *meaning, "--among-data")
    assert measures("evaluation/sentiment-films")["accuracy"]["words/1.0"]["value"] == 1.0


def test_languages_are_told_apart_by_the_engine_itself():
    lines = [
        {"text": "The train leaves at seven from the old station.", "label": "en"},
        {"text": "電車は七時に古い駅から出ます。", "label": "JA"},
        {"text": "Der Zug fährt um sieben vom alten Bahnhof ab.", "label": "de"},
        {"text": "Le train part à sept heures de la vieille gare.", "label": "en"},
    ]
    Path("lines.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    shown = run("--task", "language", "--data", "lines.jsonl", "--rounds", "100")
    assert "accuracy 0.750" in shown and "areas are left out" in shown
    report = json.loads(Path("evaluation/language-lines/report.json").read_text("utf-8"))
    (error,) = next(rows for name, rows in report["tables"].items() if name.startswith("errors"))
    assert (error["line"], error["true"], error["answered"]) == (4, "en", "fr")


def test_accuracy_by_language():
    Path("films.csv").write_text("text,label,lang\ngood,positive,en\nbad,negative,en\n良い,positive,ja\n", "utf-8")
    asked = ("--task", "sentiment", "--data", "films.csv", "--language-column", "lang", "--rounds", "100")
    assert "films.csv, line 4: language 'ja' is not supported" in run(*asked, code=1)
    Path("films.csv").write_text(Path("films.csv").read_text("utf-8").replace(",ja", ",EN"), "utf-8")
    assert "line 4: language 'EN'" in run(*asked, code=1)


@pytest.mark.parametrize("rows", ["good,positive\n", "good,positive\nbad,positive\nfine,positive\n"])
def test_one_case_and_one_label_have_the_figures_that_they_can_have(rows):
    Path("films.csv").write_text(f"text,label\n{rows}", "utf-8")
    run(*SENTIMENT, "--data", "films.csv")
    found = measures("evaluation/sentiment-films")
    assert found["area under ROC"]["words/1.0"] is None and found["accuracy"]["words/1.0"]["low"] < 0.3


def test_a_folder_that_cannot_be_written_is_named():
    Path("taken").write_text("", "utf-8")
    assert "taken cannot be written" in run(*SENTIMENT, "--data", moods("films.csv"), "--out", "taken", code=1)


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        ("", SENTIMENT, 1, "films.csv: there is no case in it"),
        ("text,label\ngood,positive\nbad, really,negative\n", SENTIMENT, 1, "films.csv, line 3: 3 column(s)"),
        ("text,label\ngood,great\n", SENTIMENT, 1, "line 2: sentiment has no label 'great'"),
        ("text,label\ngood,positive\n", ("--task", "sentiment"), 2, "--language en"),
        ("text,label\nfine,en\n", ("--task", "language", "--language", "en"), 2, "leave --language"),
        ("text,label\ngood,positive\n", ("--task", "mood"), 2, "there are: sentiment, language, entities"),
        ("text,label\ngood,positive\n", (*SENTIMENT, "--engine", "nobody"), 9, "there are: words, deaf"),
        ("text,label\ngood,positive\n", (*SENTIMENT, "--engine", "deaf", "--engine", "deaf"), 2, "twice"),
        ("text,label\ngood,positive\n", (*SENTIMENT, "--map", "1"), 2, "not of the form"),
        ("text,label\ngood,positive\n", (*SENTIMENT, "--map", "1=great"), 2, "no label 'great'; it has POSITIVE"),
        ("text,label\ngood,positive\n", (*SENTIMENT, "--format", "xml"), 2, "none of csv, tsv, jsonl"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_a_code(content, options, code, said):
    Path("films.csv").write_text(content, "utf-8")
    assert said in run(*options, "--data", "films.csv", code=code)
    assert not Path("evaluation").exists()


def test_a_file_that_is_not_there_and_a_folder():
    assert "none.csv cannot be read: No such file" in run(*SENTIMENT, "--data", "none.csv", code=1)
    Path("folder.csv").mkdir()
    assert "folder.csv cannot be read: Is a directory" in run(*SENTIMENT, "--data", "folder.csv", code=1)


def test_entities_are_counted_by_place_and_type():
    lines = [
        {"text": "Ann lives in Kyoto.", "entities": [[0, 3, "PERSON"], [13, 18, "PLACE"]]},
        {"text": "Kyoto Station is near.", "entities": [{"BeginOffset": 0, "EndOffset": 13, "Type": "PLACE"}]},
        {"text": "Nothing is named here.", "entities": []},
    ]
    Path("names.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    asked = ("--task", "entities", "--language", "en", "--rounds", "100", "--data", "names.jsonl")
    assert "names.jsonl, line 1: entities has no label 'PLACE' (2 times)" in run(*asked, code=1)
    asked = (*asked, "--map", "PLACE=LOCATION")
    shown = run(*asked)
    figures = measures("evaluation/entities-names")
    assert figures["exact F1"]["places/1.0"]["value"] == pytest.approx(2 * 1 / (3 + 3))
    assert figures["overlap F1"]["places/1.0"]["value"] == pytest.approx(2 * 2 / (3 + 3))
    assert "PERSON – 0.000" in shown
    report = json.loads(Path("evaluation/entities-names/report.json").read_text("utf-8"))
    worst = report["tables"]["errors of places/1.0"]
    assert [(row["line"], row["where"], row["marked there"], row["found"]) for row in worst] == [
        (2, "[Kyoto] Station is near.", "Kyoto Station: LOCATION", "LOCATION"),
        (1, "[Ann] lives in Kyoto.", "Ann: PERSON", "ORGANIZATION"),
    ]
    run(*asked, "--among-data")
    assert measures("evaluation/entities-names")["exact precision"]["places/1.0"]["value"] == 0.5
    Path("names.jsonl").write_text('{"text": "Ann", "entities": [[0, 4, "PERSON"]]}\n', "utf-8")
    assert "line 1: 0 to 4 is no place in a text of 3 characters" in run(*asked, code=1)


def treebank(*sentences: list[tuple[str, str]]) -> str:
    return "\n".join(
        "".join(f"{n}\t{form}\t_\t{tag}\t_\t_\t_\t_\t_\t_\n" for n, (form, tag) in enumerate(words, 1))
        for words in sentences
    )


def test_syntax_is_counted_by_words_and_by_tags():
    ann = [("Ann", "PROPN"), ("eats", "VERB"), ("rice", "NOUN")]
    Path("bank.conllu").write_text(treebank(ann), "utf-8")
    asked = ("--task", "syntax", "--language", "en", "--rounds", "100", "--data", "bank.conllu")
    shown = run(*asked)
    assert "Syntax: spaces/1.0 on bank.conllu" in shown
    assert measures("evaluation/syntax-bank")["exact F1"]["spaces/1.0"]["value"] == pytest.approx(2 / 3)
    Path("bank.conllu").write_text(treebank(ann, [("Rice", "NOUN"), ("is", "AUX"), ("eaten", "VERB")]), "utf-8")
    run(*asked)
    assert measures("evaluation/syntax-bank")["exact F1"]["spaces/1.0"]["value"] == pytest.approx(2 / 6)
    report = json.loads(Path("evaluation/syntax-bank/report.json").read_text("utf-8"))
    (words,) = report["tables"]["words"]
    assert words["F1"] == 1 and words["tags right of words found"]["value"] == pytest.approx(2 / 6)
    Path("bank.conllu").write_text("# text = Ann's\n" + treebank([("Ann", "PROPN"), ("'s", "PART")]), "utf-8")
    run(*asked)
    report = json.loads(Path("evaluation/syntax-bank/report.json").read_text("utf-8"))
    (words,) = report["tables"]["words"]
    assert words["F1"] == 0 and words["tags right of words found"] is None


def test_personal_data_is_counted_by_place_and_type():
    lines = [
        {"text": "Write to a@b.example or c@d.example", "entities": [[9, 20, "EMAIL"], [24, 35, "EMAIL"]]},
        {"text": "Call 555 0100 @ noon", "entities": [[5, 13, "phone"]]},
    ]
    Path("letters.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    asked = ("--task", "pii", "--language", "en", "--rounds", "100", "--data", "letters.jsonl")
    run(*asked)
    figures = measures("evaluation/pii-letters")
    assert figures["exact precision"]["at-signs/1.0"]["value"] == pytest.approx(2 / 3)
    assert figures["exact recall"]["at-signs/1.0"]["value"] == pytest.approx(2 / 3)
    Path("letters.jsonl").write_text(json.dumps(lines[0]), "utf-8")
    run(*asked)
    assert measures("evaluation/pii-letters")["exact F1"]["at-signs/1.0"]["value"] == 1


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        ("1\tDog\n", ("--language", "en"), 1, "bank.conllu, line 1: 2 column(s) where CoNLL-U has 10"),
        (treebank([("Dog", "N")]), ("--language", "en"), 1, "line 1: syntax has no label 'N' (1 times)"),
        (treebank([("Dog", "NOUN")]), ("--language", "xx"), 1, "language 'xx' is not supported"),
        (treebank([("Dog", "NOUN")]), (), 2, "--language en"),
        (treebank([("Dog", "NOUN")]), ("--language", "en", "--format", "csv"), 2, "reads CoNLL-U"),
        (treebank([("Dog", "NOUN")]), ("--language", "en", "--label-column", "4"), 2, "reads CoNLL-U"),
    ],
)
def test_what_is_wrong_with_a_treebank_is_said(content, options, code, said):
    Path("bank.conllu").write_text(content, "utf-8")
    assert said in run("--task", "syntax", "--data", "bank.conllu", *options, code=code)
