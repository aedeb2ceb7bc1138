"""Jobs that find personal data, or take it out."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.analysed import FILES, LINES, Jobs
from tests.services.comprehend.custom import BUCKET, Custom

LETTER = "😀 Mail ana@example.org.\nOrder 4471 is on its way.\r\nPaid with 4111 1111 1111 1111 by 日本 card"


@pytest.fixture(scope="module")
def personal(server):
    return Jobs(Custom(server), "PiiEntitiesDetection", LanguageCode="en")


@pytest.fixture(scope="module")
def folder(personal):
    personal.custom.put("pii/letter.txt", LETTER)
    personal.custom.put("pii/deep/note.txt", "Write to bob@example.com from 10.1.2.3.")
    return f"s3://{BUCKET}/pii/"


def left(personal, folder, form, mode, **config):
    more = {"RedactionConfig": config} if config else {}
    found = personal.ended(personal.start(folder, form, Mode=mode, **more)["JobId"])
    assert found["JobStatus"] == "COMPLETED", found
    assert found["Mode"] == mode and found.get("RedactionConfig", {}) == config
    return personal.left(found)


def test_offsets_lie_beside_the_names_of_the_files(personal, folder):
    files = left(personal, folder, LINES, "ONLY_OFFSETS")
    assert set(files) == {"letter.txt.out", "deep/note.txt.out"}
    answers = [json.loads(line) for line in files["letter.txt.out"].splitlines()]
    lines = LETTER.replace("\r\n", "\n").split("\n")
    found = [
        [(each["Type"], lines[answer["Line"]][each["BeginOffset"] : each["EndOffset"]]) for each in answer["Entities"]]
        for answer in answers
    ]
    assert found == [[("EMAIL", "ana@example.org")], [], [("CREDIT_DEBIT_NUMBER", "4111 1111 1111 1111")]]
    assert [(each["File"], each["Line"]) for each in answers] == [("letter.txt", number) for number in range(3)]
    (note,) = [json.loads(line) for line in files["deep/note.txt.out"].splitlines()]
    assert [each["Type"] for each in note["Entities"]] == ["EMAIL", "IP_ADDRESS"]


def test_offsets_of_whole_files_have_no_lines(personal, folder):
    files = left(personal, folder, FILES, "ONLY_OFFSETS")
    (letter,) = [json.loads(line) for line in files["letter.txt.out"].splitlines()]
    assert letter["File"] == "letter.txt" and "Line" not in letter
    found = [LETTER[each["BeginOffset"] : each["EndOffset"]] for each in letter["Entities"]]
    assert found == ["ana@example.org", "4111 1111 1111 1111"]


def test_masked_characters_keep_the_place_of_each(personal, folder):
    files = left(personal, folder, LINES, "ONLY_REDACTION", MaskMode="MASK", MaskCharacter="#", PiiEntityTypes=["ALL"])
    assert files["letter.txt.out"] == (
        f"😀 Mail {'#' * 15}.\nOrder 4471 is on its way.\nPaid with {'#' * 19} by 日本 card\n"
    )
    assert files["deep/note.txt.out"] == f"Write to {'#' * 15} from {'#' * 8}.\n"


def test_types_stand_where_the_data_stood_and_other_types_stay(personal, folder):
    files = left(
        personal,
        folder,
        FILES,
        "ONLY_REDACTION",
        MaskMode="REPLACE_WITH_PII_ENTITY_TYPE",
        PiiEntityTypes=["EMAIL", "SSN"],
    )
    assert files["letter.txt.out"] == LETTER.replace("ana@example.org", "[EMAIL]")
    assert files["deep/note.txt.out"] == "Write to [EMAIL] from 10.1.2.3."


def test_what_cannot_be_read_is_not_passed_on(personal):
    personal.custom.put("unread/a.txt", b"ana@example.org\n\xff secret@example.org\nother@example.org\n")
    personal.custom.put("unread/none.txt", b"")
    files = left(personal, f"s3://{BUCKET}/unread/", LINES, "ONLY_REDACTION", MaskMode="MASK", PiiEntityTypes=["ALL"])
    first, error = files["a.txt.out"].splitlines()
    assert first == "*" * 15
    assert json.loads(error)["ErrorCode"] == "UNSUPPORTED_ENCODING"
    assert files["none.txt.out"] == ""


def test_keys_that_look_like_paths_elsewhere_are_names(personal):
    personal.custom.put("odd/../../etc/passwd", "ana@example.org")
    files = left(personal, f"s3://{BUCKET}/odd/", LINES, "ONLY_REDACTION", MaskMode="MASK", PiiEntityTypes=["EMAIL"])
    assert files == {"../../etc/passwd.out": "*" * 15 + "\n"}


@pytest.mark.parametrize("config", [{}, {"RedactionConfig": {"MaskMode": "MASK", "MaskCharacter": "*"}}])
def test_redaction_needs_to_know_of_what(personal, folder, config):
    with pytest.raises(ClientError, match="PiiEntityTypes is required") as refused:
        personal.start(folder, Mode="ONLY_REDACTION", **config)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_language_without_rules_is_refused_at_the_door(personal, folder):
    with pytest.raises(ClientError, match="plug in") as refused:
        personal.start(folder, Mode="ONLY_OFFSETS", LanguageCode="de")
    assert refused.value.response["Error"]["Code"] == "UnsupportedLanguageException"
