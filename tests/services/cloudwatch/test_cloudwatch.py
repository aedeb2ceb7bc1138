import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from honmono.services import cloudwatch as cloudwatch_module

ACCOUNT, REGION = "000000000000", "us-east-1"


@pytest.fixture
def cloudwatch(server: Any) -> Any:
    return server.client("cloudwatch")


@pytest.fixture
def namespace() -> str:
    return f"Test/{uuid4().hex[:12]}"


def minute(back: int = 0) -> datetime:
    """The start of a whole minute, so many minutes ago."""
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=back)


def put(cloudwatch: Any, namespace: str, *values: float, name: str = "m", **more: Any) -> None:
    data = [{"MetricName": name, "Value": value, **more} for value in values]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)


def refusal(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def statistics(cloudwatch: Any, namespace: str, **more: Any) -> list[dict[str, Any]]:
    request = {
        "Namespace": namespace,
        "MetricName": "m",
        "StartTime": minute(30),
        "EndTime": minute(-5),
        "Period": 60,
        "Statistics": ["SampleCount", "Average", "Sum", "Minimum", "Maximum"],
        **more,
    }
    return list(cloudwatch.get_metric_statistics(**request)["Datapoints"])


def test_statistics_by_period_and_unit(cloudwatch: Any, namespace: str) -> None:
    put(cloudwatch, namespace, 1, 2, 6, Timestamp=minute(10), Unit="Count")
    put(cloudwatch, namespace, 50, Timestamp=minute(5), Unit="Count")
    put(cloudwatch, namespace, 7, Timestamp=minute(5), Unit="Bytes")
    points = {(p["Timestamp"], p["Unit"]): p for p in statistics(cloudwatch, namespace)}
    first = points[minute(10), "Count"]
    assert [first[n] for n in ("SampleCount", "Average", "Sum", "Minimum", "Maximum")] == [3, 3, 9, 1, 6]
    assert points[minute(5), "Count"]["Sum"] == 50
    assert points[minute(5), "Bytes"]["Sum"] == 7
    assert len(statistics(cloudwatch, namespace, Unit="Bytes")) == 1


def test_percentiles_come_from_every_value(cloudwatch: Any, namespace: str) -> None:
    data = {"MetricName": "m", "Timestamp": minute(3), "Values": [1.0, 2.0, 100.0], "Counts": [50.0, 49.0, 1.0]}
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[data])
    (point,) = statistics(cloudwatch, namespace, ExtendedStatistics=["p50", "p90", "p100"])
    assert point["ExtendedStatistics"] == {"p50": 1.0, "p90": 2.0, "p100": 100.0}
    values = {"SampleCount": 10, "Sum": 55, "Minimum": 1, "Maximum": 10}
    set_only = {"MetricName": "set", "Timestamp": minute(3), "StatisticValues": values}
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[set_only])
    (point,) = statistics(cloudwatch, namespace, MetricName="set", ExtendedStatistics=["p50"])
    assert point["Average"] == 5.5
    assert "ExtendedStatistics" not in point


def test_bad_data_is_refused(cloudwatch: Any, namespace: str) -> None:
    def refused(**datum: Any) -> str:
        data = [{"MetricName": "m", **datum}]
        return refusal(cloudwatch.put_metric_data, Namespace=namespace, MetricData=data)[0]

    assert refused() == "MissingParameter"
    assert refused(Value=1, Values=[1]) == "InvalidParameterCombination"
    assert refused(Values=[1, 2], Counts=[1]) == "InvalidParameterValue"
    assert refused(Value=float("nan")) == "InvalidParameterValue"
    assert refused(Value=1, Timestamp=minute(60 * 24 * 15)) == "InvalidParameterValue"
    assert refused(Value=1, StorageResolution=7) == "InvalidParameterValue"
    low_above_high = {"SampleCount": 1, "Sum": 1, "Minimum": 2, "Maximum": 1}
    assert refused(StatisticValues=low_above_high) == "InvalidParameterCombination"
    assert cloudwatch.list_metrics(Namespace=namespace)["Metrics"] == []


def test_bad_questions_are_refused(cloudwatch: Any, namespace: str) -> None:
    request = {"Namespace": namespace, "MetricName": "m", "StartTime": minute(30), "EndTime": minute(), "Period": 60}
    call = cloudwatch.get_metric_statistics
    assert refusal(call, **request)[0] == "InvalidParameterCombination"
    assert refusal(call, **{**request, "Period": 61}, Statistics=["Sum"])[0] == "InvalidParameterValue"
    assert refusal(call, **{**request, "StartTime": minute(-5)}, Statistics=["Sum"])[0] == "InvalidParameterValue"
    code, message = refusal(call, **{**request, "StartTime": minute(60 * 48)}, Statistics=["Sum"])
    assert (code, "1,440" in message) == ("InvalidParameterCombination", True)


def test_metrics_are_listed_by_name_and_dimension(cloudwatch: Any, namespace: str) -> None:
    for host in "ab":
        dimensions = [{"Name": "host", "Value": host}, {"Name": "env", "Value": "test"}]
        put(cloudwatch, namespace, 1, Dimensions=dimensions)
        put(cloudwatch, namespace, 1, Dimensions=dimensions[::-1])
    put(cloudwatch, namespace, 1, name="other")

    def found(**request: Any) -> list[dict[str, Any]]:
        return list(cloudwatch.list_metrics(Namespace=namespace, **request)["Metrics"])

    assert len(found()) == 3
    assert len(found(MetricName="m")) == 2
    assert len(found(Dimensions=[{"Name": "env"}])) == 2
    (one,) = found(Dimensions=[{"Name": "host", "Value": "b"}])
    assert {"Name": "host", "Value": "b"} in one["Dimensions"]
    assert len(found(RecentlyActive="PT3H")) == 3


def test_metrics_are_paged(cloudwatch: Any, namespace: str) -> None:
    data = [{"MetricName": f"m{number:03}", "Value": number} for number in range(501)]
    for first in range(0, 501, 167):
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[first : first + 167])
    pages = list(cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace))
    assert [len(page["Metrics"]) for page in pages] == [500, 1]
    assert pages[1]["Metrics"][0]["MetricName"] == "m500"


def query(namespace: str, key: str, name: str, stat: str = "Sum", **more: Any) -> dict[str, Any]:
    metric = {"Namespace": namespace, "MetricName": name}
    return {"Id": key, "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}, **more}


def test_math_over_metrics(cloudwatch: Any, namespace: str) -> None:
    for back, errors, total in ((3, 1, 10), (2, 5, 20)):
        put(cloudwatch, namespace, errors, name="errors", Timestamp=minute(back))
        put(cloudwatch, namespace, total, name="total", Timestamp=minute(back))
    request = {
        "MetricDataQueries": [
            {"Id": "rate", "Expression": "100 * e / t", "Label": "error rate"},
            query(namespace, "e", "errors", ReturnData=False),
            query(namespace, "t", "total"),
        ],
        "StartTime": minute(10),
        "EndTime": minute(-1),
        "ScanBy": "TimestampAscending",
    }
    rate, total_series = cloudwatch.get_metric_data(**request)["MetricDataResults"]
    assert (rate["Label"], rate["Values"], rate["StatusCode"]) == ("error rate", [10.0, 25.0], "Complete")
    assert rate["Timestamps"] == [minute(3), minute(2)]
    assert (total_series["Label"], total_series["Values"]) == ("total", [10.0, 20.0])
    request["ScanBy"] = "TimestampDescending"
    assert cloudwatch.get_metric_data(**request)["MetricDataResults"][0]["Values"] == [25.0, 10.0]
    first = cloudwatch.get_metric_data(**request, MaxDatapoints=3)
    second = cloudwatch.get_metric_data(**request, MaxDatapoints=3, NextToken=first["NextToken"])
    values = [[result["Values"] for result in page["MetricDataResults"]] for page in (first, second)]
    assert values == [[[25.0, 10.0], [20.0]], [[], [10.0]]]
    assert "NextToken" not in second


@pytest.mark.parametrize("expression", ["nobody + 1", "AVG(a)", "SEARCH('x', 'Sum', 300)", "a +"])
def test_bad_math_is_refused_by_name(cloudwatch: Any, namespace: str, expression: str) -> None:
    queries = [query(namespace, "a", "m"), {"Id": "wrong", "Expression": expression}]
    put(cloudwatch, namespace, 1)
    code, message = refusal(
        cloudwatch.get_metric_data, MetricDataQueries=queries, StartTime=minute(5), EndTime=minute(-1)
    )
    assert (code, "'wrong'" in message) == ("ValidationError", True)


def make_alarm(cloudwatch: Any, namespace: str, **changes: Any) -> str:
    name = f"alarm-{uuid4().hex[:12]}"
    cloudwatch.put_metric_alarm(
        **{
            "AlarmName": name,
            "Namespace": namespace,
            "MetricName": "m",
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 10,
            "ComparisonOperator": "GreaterThanThreshold",
            **changes,
        }
    )
    return name


def state(cloudwatch: Any, name: str) -> str:
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def test_an_alarm_follows_the_data(server: Any, cloudwatch: Any, namespace: str) -> None:
    name = make_alarm(cloudwatch, namespace, AlarmActions=["arn:aws:sns:us-east-1:000000000000:pager"])
    assert state(cloudwatch, name) == "INSUFFICIENT_DATA"
    put(cloudwatch, namespace, 5)
    assert state(cloudwatch, name) == "OK"
    put(cloudwatch, namespace, 11)
    acted: list[Any] = []
    cloudwatch_module.evaluate(server.app.platform, time.time(), acted.append)
    assert [(one.name, one.old, one.new, one.actions) for one in acted if one.name == name] == [
        (name, "OK", "ALARM", ("arn:aws:sns:us-east-1:000000000000:pager",))
    ]
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    assert alarm["StateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoints [11.0 (")
    assert json.loads(alarm["StateReasonData"])["threshold"] == 10
    history = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in history] == [
        "Alarm updated from OK to ALARM",
        "Alarm updated from INSUFFICIENT_DATA to OK",
    ]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("breaching", "ALARM"), ("notBreaching", "OK"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_missing_data_is_treated_as_asked(cloudwatch: Any, namespace: str, missing: str, expected: str) -> None:
    assert state(cloudwatch, make_alarm(cloudwatch, namespace, TreatMissingData=missing)) == expected


def test_m_of_n_periods(cloudwatch: Any, namespace: str) -> None:
    for back, value in ((3, 20), (2, 1), (1, 20)):
        put(cloudwatch, namespace, value, Timestamp=minute(back))
    put(cloudwatch, namespace, 1)
    two_of_four = make_alarm(cloudwatch, namespace, EvaluationPeriods=4, DatapointsToAlarm=2)
    three_of_four = make_alarm(cloudwatch, namespace, EvaluationPeriods=4, DatapointsToAlarm=3)
    assert (state(cloudwatch, two_of_four), state(cloudwatch, three_of_four)) == ("ALARM", "OK")


def test_an_alarm_on_math(cloudwatch: Any, namespace: str) -> None:
    name = f"math-{uuid4().hex[:8]}"
    put(cloudwatch, namespace, 30, name="errors")
    put(cloudwatch, namespace, 100, name="total")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        EvaluationPeriods=1,
        Threshold=25,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[
            query(namespace, "e", "errors", ReturnData=False),
            query(namespace, "t", "total", ReturnData=False),
            {"Id": "rate", "Expression": "100 * e / t"},
        ],
    )
    assert state(cloudwatch, name) == "ALARM"


def test_a_state_set_by_hand_stays_for_a_while(server: Any, cloudwatch: Any, namespace: str) -> None:
    name = make_alarm(cloudwatch, namespace, TreatMissingData="notBreaching")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a drill")
    assert state(cloudwatch, name) == "ALARM"
    cloudwatch_module.evaluate(server.app.platform, time.time() + 61)
    assert state(cloudwatch, name) == "OK"


def test_a_composite_alarm_follows_its_members(cloudwatch: Any, namespace: str) -> None:
    first, second = make_alarm(cloudwatch, namespace), make_alarm(cloudwatch, namespace, Threshold=100)
    name = f"all-{uuid4().hex[:8]}"
    rule = f'ALARM("{first}") AND NOT ALARM({second})'
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule)

    def composite() -> str:
        return str(cloudwatch.describe_alarms(AlarmNames=[name])["CompositeAlarms"][0]["StateValue"])

    put(cloudwatch, namespace, 50)
    assert composite() == "ALARM"
    put(cloudwatch, namespace, 500)
    assert composite() == "OK"
    children = cloudwatch.describe_alarms(ChildrenOfAlarmName=name)["MetricAlarms"]
    assert {alarm["AlarmName"] for alarm in children} == {first, second}
    request = {"AlarmName": "x", "AlarmRule": "ALARM(nobody)"}
    assert refusal(cloudwatch.put_composite_alarm, **request)[0] == "ValidationError"


def test_bad_alarms_are_refused(cloudwatch: Any, namespace: str) -> None:
    def refused(**changes: Any) -> str:
        with pytest.raises(ClientError) as caught:
            make_alarm(cloudwatch, namespace, **changes)
        return str(caught.value.response["Error"]["Message"])

    assert "more than a day" in refused(EvaluationPeriods=2_000_000)
    assert "DatapointsToAlarm" in refused(DatapointsToAlarm=2)
    assert "ExtendedStatistic" in refused(ExtendedStatistic="p90")
    assert "LessThanLowerThreshold" in refused(ComparisonOperator="LessThanLowerThreshold")
    request = {"AlarmName": "x", "AlarmRule": "NOT " * 2000 + "TRUE"}
    assert "nested too deeply" in refusal(cloudwatch.put_composite_alarm, **request)[1]


def test_alarms_are_found_and_deleted(cloudwatch: Any, namespace: str) -> None:
    names = sorted(make_alarm(cloudwatch, namespace) for _ in range(3))
    found = cloudwatch.describe_alarms_for_metric(Namespace=namespace, MetricName="m")["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in found] == names
    cloudwatch.disable_alarm_actions(AlarmNames=names[:1])
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=names[:1])["MetricAlarms"]
    assert alarm["ActionsEnabled"] is False
    assert refusal(cloudwatch.delete_alarms, AlarmNames=[names[0], "nobody"])[0] == "ResourceNotFound"
    cloudwatch.delete_alarms(AlarmNames=names)
    assert cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"] == []


def test_tags_of_an_alarm(cloudwatch: Any, namespace: str) -> None:
    name = make_alarm(cloudwatch, namespace, Tags=[{"Key": "a", "Value": "1"}])
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_dashboards(cloudwatch: Any) -> None:
    name = f"board-{uuid4().hex[:8]}"
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": name}}]})
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body)
    assert cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"] == body
    (entry,) = cloudwatch.list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]
    assert entry["Size"] == len(body)
    request = {"DashboardName": name, "DashboardBody": "{"}
    assert refusal(cloudwatch.put_dashboard, **request)[0] == "InvalidParameterInput"
    cloudwatch.delete_dashboards(DashboardNames=[name])
    assert refusal(cloudwatch.get_dashboard, DashboardName=name)[0] == "ResourceNotFound"


def test_values_of_two_accounts_do_not_meet(server: Any, cloudwatch: Any, namespace: str) -> None:
    put(cloudwatch, namespace, 1)
    theirs = server.client("cloudwatch", aws_access_key_id="FOOBARKEY", aws_secret_access_key="FOOBARSECRET")
    assert theirs.list_metrics(Namespace=namespace)["Metrics"] == []
