import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


def kinds(answer):
    return {entity["Text"]: entity["Type"] for entity in answer["Entities"]}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Barack Obama visited Berlin on 3 March 2015.", "en",
         {"Barack Obama": "PERSON", "Berlin": "LOCATION", "3 March 2015": "DATE"}),
        ("安倍晋三は2015年3月に大阪市を訪れた。", "ja",
         {"安倍晋三": "PERSON", "2015年3月": "DATE", "大阪市": "LOCATION"}),
        ("Pablo Picasso nació en Málaga.", "es", {"Pablo Picasso": "PERSON", "Málaga": "LOCATION"}),
    ],
)  # fmt: skip
def test_entities_have_text_type_and_offsets(comprehend, text, language, expected):
    answer = comprehend.detect_entities(Text=text, LanguageCode=language)
    assert kinds(answer) == expected
    for entity in answer["Entities"]:
        assert text[entity["BeginOffset"] : entity["EndOffset"]] == entity["Text"]
        assert 0 < entity["Score"] <= 1


def test_offsets_count_characters_behind_emoji_and_combining_marks(comprehend):
    text = "👩‍🚀😀 At the cafe\u0301 Barack Obama spoke about Chicago."
    answer = comprehend.detect_entities(Text=text, LanguageCode="en")
    [person] = [entity for entity in answer["Entities"] if entity["Type"] == "PERSON"]
    assert (person["BeginOffset"], person["EndOffset"]) == (text.index("Barack"), text.index(" spoke"))


def test_a_batch_answers_each_text_as_alone(comprehend):
    texts = ["Barack Obama lives in Chicago.", "x" * 5001, "Nothing here.", "Sony sold 12% more in Japan."]
    batch = comprehend.batch_detect_entities(TextList=texts, LanguageCode="en")
    assert [(error["Index"], error["ErrorCode"]) for error in batch["ErrorList"]] == [(1, "TEXT_SIZE_LIMIT_EXCEEDED")]
    assert [item["Index"] for item in batch["ResultList"]] == [0, 2, 3]
    for item in batch["ResultList"]:
        assert comprehend.detect_entities(Text=texts[item["Index"]], LanguageCode="en")["Entities"] == item["Entities"]


def test_the_answer_names_its_engine(comprehend):
    answer = comprehend.detect_entities(Text="Oslo", LanguageCode="en")
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("e5-entities/")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"Text": "दिल्ली", "LanguageCode": "hi"}, "UnsupportedLanguageException"),
        ({"Text": "Oslo"}, "InvalidRequestException"),
        ({"LanguageCode": "en"}, "InvalidRequestException"),
        ({"Text": "x" * 100_001, "LanguageCode": "en"}, "TextSizeLimitExceededException"),
        (
            {"Text": "Oslo", "EndpointArn":
             "arn:aws:comprehend:us-east-1:123456789012:entity-recognizer-endpoint/none"},
            "ResourceUnavailableException",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(comprehend, request_, code):
    with pytest.raises(ClientError) as refused:
        comprehend.detect_entities(**request_)
    assert refused.value.response["Error"]["Code"] == code


def test_a_batch_in_a_language_without_engine_is_refused_whole(comprehend):
    with pytest.raises(ClientError, match="plug in") as refused:
        comprehend.batch_detect_entities(TextList=["दिल्ली", "मुंबई"], LanguageCode="hi")
    assert refused.value.response["Error"]["Code"] == "UnsupportedLanguageException"


def test_a_batch_of_more_than_25_is_refused(comprehend):
    with pytest.raises(ClientError) as refused:
        comprehend.batch_detect_entities(TextList=["Oslo"] * 26, LanguageCode="en")
    assert refused.value.response["Error"]["Code"] == "BatchSizeLimitExceededException"
