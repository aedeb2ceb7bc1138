import json
import time
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from honmono.services import logs as logs_module
from honmono.services.logs.events import LogEvents

ACCOUNT, REGION = "000000000000", "us-east-1"


@pytest.fixture
def logs(server: Any) -> Any:
    return server.client("logs")


@pytest.fixture
def group(logs: Any) -> str:
    name = f"/test/{uuid4().hex[:12]}"
    logs.create_log_group(logGroupName=name)
    return name


def now() -> int:
    return int(time.time() * 1000)


def put(logs: Any, group: str, stream: str, *messages: str, start: int | None = None) -> int:
    """Put messages a millisecond apart; the first one's time."""
    first = start if start is not None else now() - 60_000
    try:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    except logs.exceptions.ResourceAlreadyExistsException:
        pass
    events = [{"timestamp": first + index, "message": text} for index, text in enumerate(messages)]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    return first


def texts(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def refusal(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_groups_live_and_die(logs: Any, group: str) -> None:
    code, message = refusal(logs.create_log_group, logGroupName=group)
    assert (code, message) == ("ResourceAlreadyExistsException", "The specified log group already exists")
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["arn"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    assert found["retentionInDays"] == 7
    assert refusal(logs.put_retention_policy, logGroupName=group, retentionInDays=8)[0] == "InvalidParameterException"
    put(logs, group, "s", "hello")
    assert logs.describe_log_groups(logGroupNamePattern=group[6:])["logGroups"][0]["storedBytes"] == 31
    logs.delete_log_group(logGroupName=group)
    code, message = refusal(logs.describe_log_streams, logGroupName=group)
    assert (code, message) == ("ResourceNotFoundException", "The specified log group does not exist.")
    logs.create_log_group(logGroupName=group)
    assert logs.describe_log_streams(logGroupName=group)["logStreams"] == []


def test_groups_are_paged(logs: Any) -> None:
    prefix = f"/pages/{uuid4().hex[:8]}/"
    for number in range(5):
        logs.create_log_group(logGroupName=f"{prefix}{number}")
    pages = logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=prefix, PaginationConfig={"PageSize": 2}
    )
    assert [[g["logGroupName"][-1] for g in page["logGroups"]] for page in pages] == [["0", "1"], ["2", "3"], ["4"]]


def test_streams_by_name_and_by_their_last_event(logs: Any, group: str) -> None:
    at = now() - 100_000
    for offset, name in enumerate(["b", "c", "a"]):
        put(logs, group, name, "x", start=at + 1000 * offset)
    by_name = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert [stream["logStreamName"] for stream in by_name] == ["a", "b", "c"]
    latest = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, limit=2)
    assert [stream["logStreamName"] for stream in latest["logStreams"]] == ["a", "c"]
    rest = logs.describe_log_streams(
        logGroupName=group, orderBy="LastEventTime", descending=True, limit=2, nextToken=latest["nextToken"]
    )
    assert [stream["logStreamName"] for stream in rest["logStreams"]] == ["b"]
    assert "nextToken" not in rest
    assert latest["logStreams"][0]["lastEventTimestamp"] == at + 2000
    request = {"logGroupName": group, "orderBy": "LastEventTime", "logStreamNamePrefix": "a"}
    assert refusal(logs.describe_log_streams, **request)[0] == "InvalidParameterException"


def test_reading_from_the_head_ends_where_the_token_stands_still(logs: Any, group: str) -> None:
    put(logs, group, "s", *"abcde")
    request = {"logGroupName": group, "logStreamName": "s", "limit": 2}
    page = logs.get_log_events(**request, startFromHead=True)
    seen = [texts(page)]
    while True:
        following = logs.get_log_events(**request, nextToken=page["nextForwardToken"])
        if following["nextForwardToken"] == page["nextForwardToken"]:
            assert texts(following) == []
            break
        seen.append(texts(following))
        page = following
    assert seen == [["a", "b"], ["c", "d"], ["e"]]
    put(logs, group, "s", "f", start=now() - 1000)
    assert texts(logs.get_log_events(**request, nextToken=page["nextForwardToken"])) == ["f"]


def test_reading_backward_from_the_newest(logs: Any, group: str) -> None:
    put(logs, group, "s", *"abcde")
    request = {"logGroupName": group, "logStreamName": "s", "limit": 2}
    newest = logs.get_log_events(**request)
    assert texts(newest) == ["d", "e"]
    before = logs.get_log_events(**request, nextToken=newest["nextBackwardToken"])
    assert texts(before) == ["b", "c"]
    first = logs.get_log_events(**request, nextToken=before["nextBackwardToken"])
    assert texts(first) == ["a"]
    nothing = logs.get_log_events(**request, nextToken=first["nextBackwardToken"])
    assert texts(nothing) == []
    assert nothing["nextBackwardToken"] == first["nextBackwardToken"]
    assert texts(logs.get_log_events(**request, nextToken=nothing["nextForwardToken"])) == ["a", "b"]
    code, _ = refusal(logs.get_log_events, **request, nextToken="f/nonsense")
    assert code == "InvalidParameterException"


def test_times_bound_a_page(logs: Any, group: str) -> None:
    first = put(logs, group, "s", *"abcde")
    request = {"logGroupName": group, "logStreamName": "s"}
    assert texts(logs.get_log_events(**request, startTime=first + 1, endTime=first + 3)) == ["b", "c"]
    answer = logs.filter_log_events(logGroupName=group, startTime=first + 1, endTime=first + 3)
    assert texts(answer) == ["b", "c", "d"]


def test_events_that_are_too_old_or_too_new_are_told(logs: Any, group: str) -> None:
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    day = 86_400_000

    def rejected(*times: int) -> dict[str, int]:
        events = [{"timestamp": moment, "message": "x"} for moment in times]
        answer = logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
        return dict(answer.get("rejectedLogEventsInfo", {}))

    at = now()
    assert rejected(at) == {}
    assert rejected(at, at + 3 * 3_600_000) == {"tooNewLogEventStartIndex": 1}
    assert rejected(at - 14 * day - 1000, at - 14 * day + 60_000) == {"tooOldLogEventEndIndex": 1}
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    assert rejected(at - day - 1000, at - day + 60_000) == {"expiredLogEventEndIndex": 1}
    backwards = [{"timestamp": at, "message": "x"}, {"timestamp": at - 1, "message": "y"}]
    code, message = refusal(logs.put_log_events, logGroupName=group, logStreamName="s", logEvents=backwards)
    assert (code, "chronological order" in message) == ("InvalidParameterException", True)


def test_retention_hides_and_then_deletes(server: Any, logs: Any, group: str) -> None:
    put(logs, group, "s", "old", start=now() - 3 * 86_400_000)
    put(logs, group, "s", "new")
    assert texts(logs.filter_log_events(logGroupName=group)) == ["old", "new"]
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    assert texts(logs.filter_log_events(logGroupName=group)) == ["new"]
    assert logs_module.expire(server.app.platform) >= 1  # other tests' groups expire too
    logs.delete_retention_policy(logGroupName=group)
    assert texts(logs.filter_log_events(logGroupName=group)) == ["new"]


def test_a_group_is_searched_across_streams_in_order(logs: Any, group: str) -> None:
    at = now() - 50_000
    for index in range(6):
        kind = "ERROR" if index % 2 else "INFO"
        put(logs, group, f"s{index % 3}", f"{kind} {index}", start=at + index)
    found = logs.filter_log_events(logGroupName=group, filterPattern="ERROR")
    assert texts(found) == ["ERROR 1", "ERROR 3", "ERROR 5"]
    assert len({event["eventId"] for event in found["events"]}) == 3
    only = logs.filter_log_events(logGroupName=group, logStreamNames=["s0", "s1"])
    assert texts(only) == ["INFO 0", "ERROR 1", "ERROR 3", "INFO 4"]
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 4})
    assert [texts(page) for page in pages] == [
        ["INFO 0", "ERROR 1", "INFO 2", "ERROR 3"],
        ["INFO 4", "ERROR 5"],
    ]
    assert refusal(logs.filter_log_events, logGroupName=group, filterPattern="{ $.a ")[0] == "InvalidParameterException"


def test_many_events_of_one_time_are_all_met(logs: Any, group: str) -> None:
    at = now() - 1000
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    events = [{"timestamp": at, "message": f"{number}"} for number in range(1500)]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 400})
    assert [text for page in pages for text in texts(page)] == [str(number) for number in range(1500)]


def test_metric_filters_publish_what_matches(server: Any, logs: Any, group: str) -> None:
    namespace = f"Test/{uuid4().hex[:8]}"
    logs.put_metric_filter(
        logGroupName=group,
        filterName="latency",
        filterPattern="{ $.latency > 0 }",
        metricTransformations=[
            {"metricName": "Latency", "metricNamespace": namespace, "metricValue": "$.latency", "unit": "Milliseconds"}
        ],
    )
    put(logs, group, "s", json.dumps({"latency": 30}), json.dumps({"latency": 70}), "no json")
    (point,) = server.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName="Latency",
        StartTime=time.time() - 3600,
        EndTime=time.time() + 60,
        Period=86_400,
        Statistics=["Sum", "SampleCount"],
    )["Datapoints"]
    assert (point["Sum"], point["SampleCount"], point["Unit"]) == (100.0, 2.0, "Milliseconds")
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["metricFilterCount"] == 1
    (found,) = logs.describe_metric_filters(metricName="Latency", metricNamespace=namespace)["metricFilters"]
    assert found["logGroupName"] == group
    logs.delete_metric_filter(logGroupName=group, filterName="latency")
    assert logs.describe_metric_filters(logGroupName=group)["metricFilters"] == []


def test_a_pattern_can_be_tried(logs: Any) -> None:
    answer = logs.test_metric_filter(filterPattern="[level, code = 5*]", logEventMessages=["INFO 200", "ERROR 503"])
    assert answer["matches"] == [
        {"eventNumber": 2, "eventMessage": "ERROR 503", "extractedValues": {"$level": "ERROR", "$code": "503"}}
    ]


def test_tags(logs: Any, group: str) -> None:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    logs.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    logs.untag_log_group(logGroupName=group, tags=["a"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}


def test_other_accounts_see_nothing(server: Any, group: str) -> None:
    theirs = server.client("logs", aws_access_key_id="FOOBARKEY", aws_secret_access_key="FOOBARSECRET")
    assert theirs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
    assert refusal(theirs.filter_log_events, logGroupName=group)[0] == "ResourceNotFoundException"


def test_the_platform_writes_lines_of_its_own(server: Any, logs: Any) -> None:
    group, platform = f"/aws/sagemaker/{uuid4().hex[:8]}", server.app.platform
    logs_module.append(platform, ACCOUNT, REGION, group, "job/algo-1", ["epoch 1", "", "epoch 2"])
    logs_module.append(platform, ACCOUNT, REGION, group, "job/algo-1", [(now() + 5, "epoch 3")])
    answer = logs.get_log_events(logGroupName=group, logStreamName="job/algo-1", startFromHead=True)
    assert texts(answer) == ["epoch 1", "epoch 2", "epoch 3"]


def test_events_outlive_the_store_that_wrote_them(server: Any, logs: Any, group: str) -> None:
    put(logs, group, "s", "kept")
    again = LogEvents(server.app.database)
    stream = again.stream(logs_module.events.Group(ACCOUNT, REGION, group), "s")
    assert [event.message for event in again.read(stream, limit=10)] == ["kept"]


def test_what_is_not_answered_says_so(logs: Any) -> None:
    request = {"logGroupName": "x", "startTime": 0, "endTime": 1, "queryString": "fields @message"}
    assert refusal(logs.start_query, **request)[0] == "NotImplemented"
