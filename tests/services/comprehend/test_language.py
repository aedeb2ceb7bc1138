import pytest
from botocore.config import Config
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("It is raining today in Seattle, so we stayed at home.", "en"),
        ("今日は東京で雨が降っているので、家にいました。", "ja"),
        ("Aujourd'hui il pleut à Paris, nous restons à la maison.", "fr"),
        ("Heute regnet es in Berlin, wir bleiben zu Hause.", "de"),
    ],
)
def test_the_language_follows_the_text(comprehend, text, code):
    answer = comprehend.detect_dominant_language(Text=text)
    assert answer["Languages"][0]["LanguageCode"] == code
    assert 0.5 < answer["Languages"][0]["Score"] <= 1
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("fasttext")


def test_a_batch_keeps_its_order_and_names_the_item_that_is_too_long(comprehend):
    answer = comprehend.batch_detect_dominant_language(
        TextList=["Where is the station?", "a" * 100_001, "駅はどこですか。"]
    )
    assert [(item["Index"], item["Languages"][0]["LanguageCode"]) for item in answer["ResultList"]] == [
        (0, "en"),
        (2, "ja"),
    ]
    (error,) = answer["ErrorList"]
    assert error["Index"] == 1
    assert error["ErrorCode"] == "TEXT_SIZE_LIMIT_EXCEEDED"


def test_a_text_over_the_limit_is_refused_with_its_size_in_bytes(comprehend):
    with pytest.raises(comprehend.exceptions.TextSizeLimitExceededException, match="100002 bytes"):
        comprehend.detect_dominant_language(Text="日" * 33_334)


def test_an_empty_text_is_refused_in_awss_words(server):
    unchecked = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    comprehend = server.client("comprehend", config=unchecked)
    with pytest.raises(ClientError, match="'text' failed to satisfy constraint: Member must have length") as refused:
        comprehend.detect_dominant_language(Text="")
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_batch_of_26_is_refused(comprehend):
    with pytest.raises(comprehend.exceptions.BatchSizeLimitExceededException, match="26"):
        comprehend.batch_detect_dominant_language(TextList=["hello"] * 26)


def test_an_operation_that_is_not_there_says_so(server):
    with pytest.raises(ClientError, match=r"does not answer logs\.StartQuery yet") as refused:
        server.client("logs").start_query(logGroupName="any", startTime=0, endTime=1, queryString="limit 1")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
