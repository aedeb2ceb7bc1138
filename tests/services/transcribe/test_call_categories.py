"""Categories of calls through boto3."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

LONG = {"NonTalkTimeFilter": {"Threshold": 30000}}
RUDE = {"InterruptionFilter": {"ParticipantRole": "AGENT", "Threshold": 1000, "RelativeTimeRange": {"First": 50}}}
SORRY = {"TranscriptFilter": {"TranscriptFilterType": "EXACT", "Targets": ["I am sorry", "申し訳ございません"]}}


@pytest.fixture
def transcribe(server):
    client = server.client("transcribe")
    yield client
    while found := client.list_call_analytics_categories(MaxResults=100)["Categories"]:
        for category in found:
            client.delete_call_analytics_category(CategoryName=category["CategoryName"])


def test_a_category_is_kept_changed_and_forgotten(transcribe) -> None:
    made = transcribe.create_call_analytics_category(
        CategoryName="sorry", Rules=[SORRY, LONG], Tags=[{"Key": "team", "Value": "care"}]
    )["CategoryProperties"]
    assert (made["CategoryName"], made["InputType"], made["Rules"]) == ("sorry", "POST_CALL", [SORRY, LONG])
    assert made["Tags"] == [{"Key": "team", "Value": "care"}]
    changed = transcribe.update_call_analytics_category(CategoryName="sorry", Rules=[RUDE])["CategoryProperties"]
    found = transcribe.get_call_analytics_category(CategoryName="sorry")["CategoryProperties"]
    assert changed["Rules"] == found["Rules"] == [RUDE]
    assert found["LastUpdateTime"] > found["CreateTime"] == made["CreateTime"]
    transcribe.delete_call_analytics_category(CategoryName="sorry")
    with pytest.raises(ClientError, match="couldn't be found") as caught:
        transcribe.get_call_analytics_category(CategoryName="sorry")
    assert caught.value.response["Error"]["Code"] == "NotFoundException"


def test_categories_are_listed_page_by_page(transcribe) -> None:
    for number in range(5):
        transcribe.create_call_analytics_category(CategoryName=f"list-{number}", Rules=[LONG])
    names, token = [], {}
    while True:
        page = transcribe.list_call_analytics_categories(MaxResults=2, **token)
        names += [each["CategoryName"] for each in page["Categories"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert names == [f"list-{number}" for number in (4, 3, 2, 1, 0)]


def test_a_name_is_taken_once_and_an_input_type_stays(transcribe) -> None:
    transcribe.create_call_analytics_category(CategoryName="live", Rules=[LONG], InputType="REAL_TIME")
    with pytest.raises(ClientError) as taken:
        transcribe.create_call_analytics_category(CategoryName="live", Rules=[RUDE])
    assert taken.value.response["Error"]["Code"] == "ConflictException"
    with pytest.raises(ClientError, match="REAL_TIME"):
        transcribe.update_call_analytics_category(CategoryName="live", Rules=[RUDE], InputType="POST_CALL")


@pytest.mark.parametrize(
    ("range_", "says"),
    [
        ({"AbsoluteTimeRange": {"First": 1}, "RelativeTimeRange": {"First": 1}}, "not both"),
        ({"AbsoluteTimeRange": {"StartTime": 1}}, "EndTime"),
        ({"AbsoluteTimeRange": {"StartTime": 9, "EndTime": 9}}, "before"),
        ({"RelativeTimeRange": {"StartPercentage": 50, "EndPercentage": 20}}, "before"),
        ({"RelativeTimeRange": {"First": 5, "Last": 5}}, "First, or Last"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(transcribe, range_, says) -> None:
    with pytest.raises(ClientError, match=says) as caught:
        transcribe.create_call_analytics_category(CategoryName="wrong", Rules=[{"NonTalkTimeFilter": range_}])
    assert caught.value.response["Error"]["Code"] == "BadRequestException"
