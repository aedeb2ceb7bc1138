"""Training data that cannot be learned from: FAILED trainings that name the file and the line, and odd data that can.

No weights are needed to refuse; what is learned here is learned from words alone.
"""

import json
import re
import time

import pytest
from tests.conftest import RunningServer, settings_for
from tests.services.comprehend.custom import BUCKET
from tests.services.comprehend.recognizing import Recognizing, annotations, english, lines

TYPES = [{"Type": "MACHINE"}, {"Type": "ENGINEER"}]
FIRST = english()[0][0]


@pytest.fixture(scope="module")
def custom(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    running = RunningServer(settings_for(folder / "data", cache=folder / "no-weights"))
    yield Recognizing(running)
    running.close()


def with_row(row: str) -> str:
    """Good annotations, and one more in line 2."""
    header, rest = annotations(english()).split("\n", 1)
    return f"{header}\n{row}\n{rest}"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("documents.txt, 0, 4, 900, MACHINE", f"End Offset 900 lies outside the document, which has {len(FIRST)}"),
        ("documents.txt, 0, -4, 9, MACHINE", "Begin Offset '-4' is not a whole number"),
        ("documents.txt, 0, 4.0, 9, MACHINE", "Begin Offset '4.0' is not a whole number"),
        ("documents.txt, 0, 9, 9, MACHINE", "Begin Offset 9 is not less than End Offset 9"),
        ("documents.txt, 0, 9, 4, MACHINE", "Begin Offset 9 is not less than End Offset 4"),
        ("documents.txt, 0, 1, 6, MACHINE", "overlaps MACHINE at 1 to 6"),
        ("documents.txt, 0, 3, 4, MACHINE", "white space alone"),
        ("documents.txt, 96, 0, 3, MACHINE", r"there is no line 96 in s3://custom-data/.*, whose lines are 0 to 95"),
        ("documents.txt, ９, 0, 3, MACHINE", "is not a whole number"),
        ("documents.txt, 99999999999999999999, 0, 3, MACHINE", "is not a whole number"),
        ("other.txt, 0, 0, 3, MACHINE", "File 'other.txt' is none of the documents' files"),
        ("documents, 0, 0, 3, MACHINE", "File 'documents' is none"),
        ("documents.txt, 0, 0, 3,", "Type is empty"),
        ("documents.txt, 0, 0, 3", "the header has 5 columns, and this row has 4"),
        ('documents.txt, 0, 0, 3, "MACHINE', "is not valid CSV"),
    ],
)
def test_a_wrong_annotation_is_told_with_its_line(custom, row, words):
    config = custom.config("wrong", english())
    config["Annotations"] = {"S3Uri": custom.put("wrong/annotations.csv", with_row(row))}
    message = custom.failed(f"wrong-{time.time_ns()}", config)
    assert message.startswith("Invalid training data in s3://custom-data/wrong/annotations.csv, line ")
    assert re.search(words, message), message
    if "overlaps" not in words and "valid CSV" not in words:
        assert "line 2:" in message


@pytest.mark.slow
def test_what_the_files_must_have(custom):
    good = custom.config("files", english())
    put = custom.put
    cases = {
        "The training data must have at least 25 annotations of each entity type; too few have: ENGINEER (0)": {
            "Annotations": {"S3Uri": put("files/a.csv", annotations([]))},
            "EntityTypes": [{"Type": "ENGINEER"}],
        },
        "has no column Line": {"Annotations": {"S3Uri": put("files/b.csv", "File,Begin Offset,End Offset,Type\n")}},
        "the file is empty": {"Annotations": {"S3Uri": put("files/c.csv", "")}},
        "NO_READ_ACCESS_TO_INPUT": {"Annotations": {"S3Uri": f"s3://{BUCKET}/files/none.csv"}},
        "line 3: byte 1 of the line is not UTF-8": {
            "Documents": {"S3Uri": put("files/documents2.txt", b"one\ntwo\n\xff\n")}
        },
        "line 2: the document has 100001 bytes; at most 100000": {
            "Documents": {"S3Uri": put("files/documents3.txt", "one\n" + "a" * 100_001)}
        },
        "At least 3 are needed": {
            "Documents": {"S3Uri": put("files/two/documents.txt", "one\n\n  \ntwo")},
            "Annotations": {"S3Uri": put("files/two.csv", "File,Line,Begin Offset,End Offset,Type\n")},
        },
    }
    for number, (words, changes) in enumerate(cases.items()):
        assert words in custom.failed(f"files-{number}", {**good, **changes})


@pytest.mark.slow
def test_a_list_is_checked_too(custom):
    def config(data):
        return {
            "EntityTypes": TYPES,
            "Documents": {"S3Uri": custom.put("list/documents.txt", lines(english()))},
            "EntityList": {"S3Uri": custom.put(f"list/{time.time_ns()}.csv", data)},
        }

    cases = [
        ("AX-12,MACHINE\n", "line 1: the header must be Text, Type"),
        ("Text,Type\nAX-12\n", "line 2: a row has two columns"),
        ("Text,Type\nAX-12,MACHINE\n,ENGINEER\n", "line 3: Text is empty"),
        ("Text,Type\nAX-12,DRINK\n", "the list has no entity of the types MACHINE, ENGINEER"),
        (f"Text,Type\n{'x' * 5001},MACHINE\n", "line 2: Text has 5001 characters"),
        (
            "Text,Type\nAX-12,MACHINE\n",
            "25 entity matches of each entity type; too few have: MACHINE (8), ENGINEER (0)",
        ),
        ("Text,Type\nthe,MACHINE\nx,ENGINEER\n", "ENGINEER (0)"),
    ]
    for number, (data, words) in enumerate(cases):
        assert words in custom.failed(f"list-{number}", config(data)), words


@pytest.mark.slow
def test_a_manifest_is_checked_too(custom):
    good = {"source": FIRST, "names": {"annotations": {"entities": []}}}

    def config(entry, attribute="names"):
        rows = [json.dumps(good), entry if isinstance(entry, str) else json.dumps(entry)]
        uri = custom.put(f"manifest/{time.time_ns()}.manifest", "\n".join(rows))
        return {
            "DataFormat": "AUGMENTED_MANIFEST",
            "EntityTypes": TYPES,
            "AugmentedManifests": [{"S3Uri": uri, "AttributeNames": [attribute]}],
        }

    def entity(begin, end, label="MACHINE"):
        each = {"startOffset": begin, "endOffset": end, "label": label}
        return {"source": FIRST, "names": {"annotations": {"entities": [each]}}}

    cases = [
        ("{", "line 2: it is not a JSON object"),
        ("[" * 100_000, "line 2: it is not a JSON object"),
        ({"names": {}}, "line 2: it has neither `source`"),
        ({"source-ref": f"s3://{BUCKET}/nowhere", "names": {}}, "line 2: `source-ref` points nowhere"),
        ({"source": "text"}, "line 2: it has none of the attributes names"),
        ({"source": "text", "names": {"annotations": []}}, "line 2: `names` does not hold annotations.entities"),
        (entity("4", 9), "offsets are whole numbers"),
        (entity(9, 4), "startOffset 9 and endOffset 4 hold no character"),
        (entity(-1, 4), "startOffset -1"),
        (entity(0, 10_000), "line 2: End Offset 10000 lies outside"),
    ]
    for number, (entry, words) in enumerate(cases):
        assert words in custom.failed(f"manifest-{number}", config(entry)), words


def test_odd_files_are_read_as_they_are_meant(custom):
    """A mark before the first line, line ends of two characters, quotes, other types, annotations that come twice and
    out of order, file names with and without their folder, and emoji before a name."""
    marked = [(f"🚚👩‍🔧 {text}", marks) for text, marks in english()]
    rows = annotations(marked, "odd/a/documents.txt").strip().split("\n")
    header, *rest = (row.split(", ") for row in rows)
    rest = [*rest[::-1], *rest[:5], ["documents.txt", "0", "0", "1", "EMOJI"]]
    csv = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [header, *rest])
    config = {
        "EntityTypes": TYPES,
        "Documents": {"S3Uri": custom.put("odd/a/documents.txt", "\ufeff" + lines(marked).replace("\n", "\r\n"))},
        "Annotations": {"S3Uri": custom.put("odd/annotations.csv", "\ufeff" + csv)},
    }
    found = custom.trained(custom.train("odd", config))
    assert found["Status"] == "TRAINED_WITH_WARNING", found
    assert "honmono weights pull e5-small" in found["Message"]
    kinds = {each["Type"]: each["NumberOfTrainMentions"] for each in found["RecognizerMetadata"]["EntityTypes"]}
    assert set(kinds) == {"MACHINE", "ENGINEER"}
    endpoint = custom.endpoint("odd", found["EntityRecognizerArn"])
    assert ("AX-12", "MACHINE") in custom.entities(endpoint, "🎉 I bought a AX-12 last week and it is very loud.")


@pytest.mark.slow
def test_two_files_of_one_name_are_told_apart_by_their_keys(custom):
    for folder in ("x", "y"):
        custom.put(f"same/{folder}/documents.txt", lines(english()))
    config = custom.config("same-name", english())
    config["Documents"] = {"S3Uri": f"s3://{BUCKET}/same/"}
    assert "File 'documents.txt' fits 2 files; give the whole key" in custom.failed("same-1", config)
    whole = annotations(english(), "same/x/documents.txt")
    config["Annotations"] = {"S3Uri": custom.put("same-name/whole.csv", whole)}
    assert custom.trained(custom.train("same-2", config))["Status"] == "TRAINED_WITH_WARNING"


def test_a_test_set_must_name_every_type(custom):
    config = custom.config("tested", english())
    config["Documents"]["TestS3Uri"] = custom.put("tested/test/documents.txt", lines(english(8)))
    only = [(text, [mark for mark in marks if mark[1] == "MACHINE"]) for text, marks in english(8)]
    config["Annotations"]["TestS3Uri"] = custom.put("tested/test.csv", annotations(only))
    assert "there is none of ENGINEER" in custom.failed("tested", config)


def test_entities_listed_under_two_types_are_told(custom):
    names = sorted({(name, kind) for _, marks in english() for name, kind in marks})
    data = "Text,Type\n" + "".join(f"{name},{kind}\n" for name, kind in names) + "AX-12,ENGINEER\n"
    config = {
        "EntityTypes": TYPES,
        "Documents": {"S3Uri": custom.put("twice/documents.txt", lines(english()))},
        "EntityList": {"S3Uri": custom.put("twice/list.csv", data)},
    }
    found = custom.trained(custom.train("twice", config))
    assert f"'AX-12' in s3://{BUCKET}/twice/list.csv, line {len(names) + 2}" in found["Message"]


def test_a_training_that_waits_is_stopped(custom):
    ledger = custom.server.app.ledger
    with ledger.take(ledger.cores, 0, wait=30):
        arn = custom.train("stopped", custom.config("stopped", english()))
        assert custom.recognizer(arn)["Status"] == "SUBMITTED"
        with pytest.raises(custom.comprehend.exceptions.ResourceInUseException, match="SUBMITTED"):
            custom.comprehend.delete_entity_recognizer(EntityRecognizerArn=arn)
        custom.comprehend.stop_training_entity_recognizer(EntityRecognizerArn=arn)
        found = custom.trained(arn, 10)
    assert found["Status"] == "STOPPED" and "TrainingStartTime" not in found
    with pytest.raises(custom.comprehend.exceptions.ResourceUnavailableException, match="STOPPED"):
        custom.endpoint("stopped", arn)
    custom.comprehend.delete_entity_recognizer(EntityRecognizerArn=arn)


@pytest.mark.slow
def test_a_hundred_megabytes_of_list(custom):
    """A million entities, of which the documents name a few."""
    rows = "".join(f"Machine {number:0>7} with a v{'e' * 64}ry long name,MACHINE\n" for number in range(1_000_000 - 40))
    names = sorted({(name, kind) for _, marks in english() for name, kind in marks})
    data = "Text,Type\n" + rows + "".join(f"{name},{kind}\n" for name, kind in names)
    assert len(data) > 100_000_000
    config = {
        "EntityTypes": TYPES,
        "Documents": {"S3Uri": custom.put("large/documents.txt", lines(english()))},
        "EntityList": {"S3Uri": custom.put("large/list.csv", data)},
    }
    found = custom.trained(custom.train("large", config), 240)
    assert found["Status"] == "TRAINED_WITH_WARNING", found
