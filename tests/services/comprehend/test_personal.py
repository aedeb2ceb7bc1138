import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


def detected(comprehend, text, language="en"):
    answer = comprehend.detect_pii_entities(Text=text, LanguageCode=language)
    return [(each["Type"], text[each["BeginOffset"] : each["EndOffset"]]) for each in answer["Entities"]]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "Jane Miller paid with 4111 1111 1111 1111.",
            "en",
            [("NAME", "Jane Miller"), ("CREDIT_DEBIT_NUMBER", "4111 1111 1111 1111")],
        ),
        ("Jane Miller paid with 4111 1111 1111 1112.", "en", [("NAME", "Jane Miller")]),
        ("Write to help@example.org from 10.1.2.3.", "en", [("EMAIL", "help@example.org"), ("IP_ADDRESS", "10.1.2.3")]),
        ("Version 10.1.2.3 of order 4471-99 is out.", "en", []),
        ("Vivo en Calle Serrano, 21, 28001 Madrid.", "es", [("ADDRESS", "Calle Serrano, 21, 28001 Madrid")]),
    ],
)
def test_what_is_found_follows_the_text(comprehend, text, language, expected):
    assert detected(comprehend, text, language) == expected


def test_offsets_count_characters_after_emoji_combining_and_japanese_ones(comprehend):
    text = "👩‍👩‍👧 cafe\u0301 日本 📧 ana@example.org 👍"
    assert detected(comprehend, text) == [("EMAIL", "ana@example.org")]


def test_labels_are_the_types_that_the_text_has_with_their_best_score(comprehend):
    text = "Mail ana@example.org or call Margaret at (520) 555-0134; SSN 536-90-4399."
    entities = comprehend.detect_pii_entities(Text=text, LanguageCode="en")["Entities"]
    labels = comprehend.contains_pii_entities(Text=text, LanguageCode="en")["Labels"]
    assert {label["Name"] for label in labels} == {"EMAIL", "NAME", "PHONE", "SSN"}
    for label in labels:
        assert label["Score"] == max(each["Score"] for each in entities if each["Type"] == label["Name"])
    assert [label["Score"] for label in labels] == sorted((label["Score"] for label in labels), reverse=True)
    assert comprehend.contains_pii_entities(Text="The sea was calm.", LanguageCode="en")["Labels"] == []


def test_the_engine_names_itself(comprehend):
    answer = comprehend.detect_pii_entities(Text="ana@example.org", LanguageCode="en")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("pii-rules/")


@pytest.mark.parametrize("operation", ["detect_pii_entities", "contains_pii_entities"])
def test_a_language_without_rules_is_refused_and_those_with_are_named(comprehend, operation):
    with pytest.raises(ClientError, match="en, es") as caught:
        getattr(comprehend, operation)(Text="Guten Tag", LanguageCode="de")
    assert caught.value.response["Error"]["Code"] == "UnsupportedLanguageException"


@pytest.mark.parametrize("operation", ["detect_pii_entities", "contains_pii_entities"])
def test_a_text_over_100_kb_is_refused(comprehend, operation):
    getattr(comprehend, operation)(Text="é" * 50_000, LanguageCode="en")
    with pytest.raises(ClientError, match="100002 bytes") as caught:
        getattr(comprehend, operation)(Text="é" * 50_001, LanguageCode="en")
    assert caught.value.response["Error"]["Code"] == "TextSizeLimitExceededException"
