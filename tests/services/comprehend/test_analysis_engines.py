"""Which engine a job asks, and what becomes of a job that is stopped, chokes or falls over."""

import json
import os
import time

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer, settings_for
from tests.services.comprehend.analysed import Jobs
from tests.services.comprehend.custom import BUCKET, Custom
from tests.services.comprehend.planted_analysts import ENTRY_POINTS

from honmono.store.records import Scope


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A package with the planted engines, on the path of this process and its children."""
    site = tmp_path_factory.mktemp("site")
    info = site / "planted_analysts-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: planted-analysts\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        yield


def served(folder, **words):
    engines = {"sentiment": {"engine": "words", **words}, "recognizer": {"engine": "names"}}
    return RunningServer(settings_for(folder, engines=engines))


@pytest.fixture(scope="module")
def server(planted, tmp_path_factory):
    running = served(tmp_path_factory.mktemp("data"), liked="tidy")
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def custom(server):
    return Custom(server)


@pytest.fixture(scope="module")
def moods(custom):
    return Jobs(custom, "SentimentDetection", LanguageCode="en")


def test_the_engine_and_its_options_are_those_of_honmono_toml(custom, moods):
    answers = moods.answered(custom.put("chosen/in.txt", "a tidy desk\na good desk"))
    assert [each["Sentiment"] for each in answers] == ["POSITIVE", "NEGATIVE"]
    with pytest.raises(ClientError, match="plug in an engine") as refused:
        moods.start(f"s3://{BUCKET}/chosen/in.txt", LanguageCode="ja")
    assert refused.value.response["Error"]["Code"] == "UnsupportedLanguageException"


def test_a_document_that_the_engine_refuses_spoils_no_other(custom, moods):
    answers = moods.answered(custom.put("choking/in.txt", "a tidy desk\nchoke\na good desk"))
    assert [each.get("Sentiment", each.get("ErrorCode")) for each in answers] == [
        "POSITIVE",
        "INTERNAL_SERVER_ERROR",
        "NEGATIVE",
    ]
    assert "not to be swallowed" in answers[1]["ErrorMessage"]


def test_an_engine_that_falls_over_fails_the_job_and_not_the_server(custom, moods):
    found = moods.ended(moods.start(custom.put("falling/in.txt", "a tidy desk\nfall over"))["JobId"])
    assert found["JobStatus"] == "FAILED" and "SIGSEGV" in found["Message"]
    assert moods.answered(f"s3://{BUCKET}/chosen/in.txt")[0]["Sentiment"] == "POSITIVE"


@pytest.fixture
def slow(planted, tmp_path):
    running = served(tmp_path / "data", liked="tidy", seconds=0.1)
    try:
        yield running
    finally:
        running.close()


def test_a_stopped_job_leaves_what_it_has_answered(slow):
    custom = Custom(slow)
    moods = Jobs(custom, "SentimentDetection", LanguageCode="en")
    lines = 16 * 500
    job = moods.start(custom.put("slow/in.txt", "a tidy desk\n" * lines))["JobId"]
    ends = time.monotonic() + 30
    while "documents" not in (found := moods.describe(job)).get("Message", ""):
        assert time.monotonic() < ends and found["JobStatus"] in ("SUBMITTED", "IN_PROGRESS")
        time.sleep(0.05)
    assert found["JobStatus"] == "IN_PROGRESS" and "EndTime" not in found
    assert moods.listed(Filter={"JobStatus": "IN_PROGRESS"})[0][0]["JobId"] == job
    assert moods.stop(job) == "STOP_REQUESTED"
    found = moods.ended(job)
    assert found["JobStatus"] == "STOPPED" and "EndTime" in found
    assert moods.stop(job) == "STOPPED"
    answers = moods.unpacked(found)
    assert 0 < len(answers) < lines
    assert [each["Line"] for each in answers] == list(range(len(answers)))


def test_a_job_that_waits_is_stopped_at_once(slow):
    custom = Custom(slow)
    moods = Jobs(custom, "SentimentDetection", LanguageCode="en")
    uri = custom.put("waiting/in.txt", "a tidy desk\n" * 16 * 300)
    # More jobs than there are cores: the last one waits for its turn.
    jobs = [moods.start(uri)["JobId"] for _ in range(os.cpu_count() + 1)]
    assert moods.stop(jobs[-1]) == "STOPPED"
    assert moods.describe(jobs[-1])["JobStatus"] == "STOPPED"
    for each in jobs[:-1]:
        moods.stop(each)


def test_an_events_engine_that_is_plugged_in_answers(custom):
    types = ["IPO", "EMPLOYMENT"]
    events = Jobs(custom, "EventsDetection", LanguageCode="en", TargetEventTypes=types)
    uri = custom.put("events/in.txt", "Acme plans an IPO in May.\nThe sea was calm.")
    found = events.ended(events.start(uri)["JobId"])
    assert found["JobStatus"] == "COMPLETED" and found["TargetEventTypes"] == types, found
    first, second = events.left(found)["in.txt.out"].splitlines()
    trigger = {"BeginOffset": 14, "EndOffset": 17, "Score": 0.8, "GroupScore": 1.0, "Text": "IPO", "Type": "IPO"}
    company = {
        "BeginOffset": 0,
        "EndOffset": 4,
        "Score": 0.9,
        "GroupScore": 1.0,
        "Text": "Acme",
        "Type": "ORGANIZATION",
    }
    arguments = [{"EntityIndex": 0, "Role": "OFFEROR", "Score": 0.7}]
    assert json.loads(first) == {
        "File": "in.txt",
        "Line": 0,
        "Entities": [{"Mentions": [company]}],
        "Events": [{"Type": "IPO", "Arguments": arguments, "Triggers": [trigger]}],
    }
    assert json.loads(second) == {"File": "in.txt", "Line": 1, "Entities": [], "Events": []}


@pytest.fixture(scope="module")
def mascots(server):
    """The ARN of a recognizer whose training left a model, as its service keeps it."""
    platform = server.app.platform
    model = platform.jobs.job_directory("trained") / "output" / "model"
    model.mkdir(parents=True)
    (model / "names").write_text("Hello-Bunny くまモン")
    arn = "arn:aws:comprehend:us-east-1:000000000000:entity-recognizer/mascots"
    scope, body = Scope("000000000000", "us-east-1", "comprehend"), {"Job": "trained"}
    return platform.records.create(scope, "entity-recognizer", "mascots", body, arn=arn, status="TRAINED").arn


def test_a_recognizer_of_the_customers_finds_its_own_types(custom, mascots):
    # In a language that the built-in engine does not know: that of the training counts.
    entities = Jobs(custom, "EntitiesDetection", LanguageCode="hi")
    uri = custom.put("mascots/in.txt", "👋 Hello-Bunny meets くまモン.\nNobody comes.")
    job = entities.start(uri, EntityRecognizerArn=mascots)
    assert job["EntityRecognizerArn"] == mascots
    found = entities.ended(job["JobId"])
    assert found["JobStatus"] == "COMPLETED" and found["EntityRecognizerArn"] == mascots, found
    first, second = entities.unpacked(found)
    assert [(each["Type"], each["Text"], each["BeginOffset"]) for each in first["Entities"]] == [
        ("MASCOT", "Hello-Bunny", 2),
        ("MASCOT", "くまモン", 20),
    ]
    assert second["Entities"] == []


def test_a_flywheel_answers_with_its_active_model(server, custom, mascots):
    scope, kind = Scope("000000000000", "us-east-1", "comprehend"), "flywheel"
    arns = [f"arn:aws:comprehend:us-east-1:000000000000:flywheel/{name}" for name in ("turning", "still")]
    records = server.app.platform.records
    records.create(scope, kind, "turning", {"ActiveModelArn": mascots}, arn=arns[0], status="ACTIVE")
    records.create(scope, kind, "still", {}, arn=arns[1], status="ACTIVE")
    entities = Jobs(custom, "EntitiesDetection", LanguageCode="en")
    uri = custom.put("flywheel/in.txt", "Hello-Bunny waves.")
    found = entities.ended(entities.start(uri, FlywheelArn=arns[0])["JobId"])
    assert found["FlywheelArn"] == arns[0] and found["EntityRecognizerArn"] == mascots
    assert entities.unpacked(found)[0]["Entities"][0]["Text"] == "Hello-Bunny"
    for code, request in (
        ("ResourceUnavailableException", {"FlywheelArn": arns[1]}),
        ("ResourceNotFoundException", {"FlywheelArn": arns[0] + "-not"}),
        ("InvalidRequestException", {"FlywheelArn": arns[0], "EntityRecognizerArn": mascots}),
    ):
        with pytest.raises(ClientError) as refused:
            entities.start(uri, **request)
        assert refused.value.response["Error"]["Code"] == code
