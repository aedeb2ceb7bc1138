"""Analysis jobs as such, on the kind that costs the least: which language each document is in."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.analysed import FILES, LINES, METHODS, Jobs
from tests.services.comprehend.custom import BUCKET, Custom


@pytest.fixture(scope="module")
def custom(server):
    return Custom(server)


@pytest.fixture(scope="module")
def languages(custom):
    return Jobs(custom, "DominantLanguageDetection")


def refused(code, words, call, *arguments, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(*arguments, **request)
    assert caught.value.response["Error"]["Code"] == code


def test_each_line_is_a_document(custom, languages):
    uri = custom.put("lines/mixed.txt", "Where is the train station?\r\nWo ist der Bahnhof?\n駅はどこですか。")
    job = languages.start(uri, LINES, JobName="three lines")
    assert job["JobStatus"] == "SUBMITTED"
    arn = f"arn:aws:comprehend:us-east-1:000000000000:dominant-language-detection-job/{job['JobId']}"
    assert job["JobArn"] == arn
    found = languages.ended(job["JobId"])
    assert found["JobStatus"] == "COMPLETED" and found["JobName"] == "three lines" and "Message" not in found
    assert found["SubmitTime"] <= found["EndTime"]
    assert found["InputDataConfig"] == {"S3Uri": uri, "InputFormat": "ONE_DOC_PER_LINE"}
    assert found["OutputDataConfig"]["S3Uri"] == (
        f"s3://{BUCKET}/answers/000000000000-LANGUAGE-{job['JobId']}/output/output.tar.gz"
    )
    answers = languages.unpacked(found)
    assert [(each["File"], each["Line"]) for each in answers] == [("mixed.txt", number) for number in range(3)]
    assert [each["Languages"][0]["LanguageCode"] for each in answers] == ["en", "de", "ja"]
    text = "Wo ist der Bahnhof?"
    alone = custom.comprehend.detect_dominant_language(Text=text)["Languages"]
    assert answers[1]["Languages"][0]["Score"] == pytest.approx(alone[0]["Score"])


def test_each_file_is_a_document_named_below_the_prefix(custom, languages):
    custom.put("files/a.txt", "Il treno parte\nalle sette.")
    custom.put("files/deep/b.txt", "Le train part à sept heures.")
    answers = languages.answered(f"s3://{BUCKET}/files/", FILES)
    assert [(each["File"], each["Languages"][0]["LanguageCode"]) for each in answers] == [
        ("a.txt", "it"),
        ("deep/b.txt", "fr"),
    ]
    assert all("Line" not in each for each in answers)
    assert [each["File"] for each in languages.answered(f"s3://{BUCKET}/files/deep/b", FILES)] == ["b.txt"]


def test_documents_that_cannot_be_read_have_an_error_and_the_others_an_answer(custom, languages):
    big = b"x" * (1 << 20)
    custom.put("bad/a.txt", b"one line\n\n" + big + b"y\n" + big + b"\nanother line\n")
    custom.put("bad/b.txt", b"before\n\xff\xfe\nafter\n")
    custom.put("bad/c.txt", b"the end of it")
    answers = languages.answered(f"s3://{BUCKET}/bad/")
    assert [(each["File"], each["Line"], each.get("ErrorCode")) for each in answers] == [
        ("a.txt", 0, None),
        ("a.txt", 1, "EMPTY_DOCUMENT"),
        ("a.txt", 2, "DOCUMENT_SIZE_EXCEEDED"),
        ("a.txt", 3, None),
        ("a.txt", 4, None),
        ("b.txt", 0, None),
        ("b.txt", 1, "UNSUPPORTED_ENCODING"),
        ("c.txt", 0, None),
    ]
    assert answers[2]["ErrorMessage"] == "Document size exceeds maximum size limit 1048576 bytes."
    assert answers[6]["ErrorMessage"] == "Document is not in UTF-8 format and all subsequent lines are ignored."
    by_file = languages.answered(f"s3://{BUCKET}/bad/", FILES)
    assert [each.get("ErrorCode") for each in by_file] == ["DOCUMENT_SIZE_EXCEEDED", "UNSUPPORTED_ENCODING", None]


@pytest.mark.parametrize("uri", ["s3://no-such-bucket/in/", f"s3://{BUCKET}/nothing/here/"])
def test_a_place_with_nothing_to_read_fails_the_job_in_the_words_of_aws(languages, uri):
    found = languages.ended(languages.start(uri)["JobId"])
    assert found["JobStatus"] == "FAILED" and "EndTime" in found
    assert found["Message"].startswith(
        "NO_READ_ACCESS_TO_INPUT: The provided data access role does not have proper access to the input data."
    )
    assert uri in found["Message"]


def test_an_output_bucket_that_is_gone_when_the_job_ends_fails_it(custom, languages):
    uri = custom.put("gone/in.txt", "Where is it?\n" * 3000)
    custom.s3.create_bucket(Bucket="short-lived")
    job = languages.start(uri, OutputDataConfig={"S3Uri": "s3://short-lived/out"})
    custom.s3.delete_bucket(Bucket="short-lived")
    found = languages.ended(job["JobId"])
    assert found["JobStatus"] == "FAILED" and "no bucket short-lived" in found["Message"]


def test_the_door_refuses_what_cannot_work(custom, languages):
    uri = custom.put("door/in.txt", "text")
    code = "InvalidRequestException"
    start = languages.start
    refused(code, "NO_WRITE_ACCESS_TO_OUTPUT", start, uri, OutputDataConfig={"S3Uri": "s3://no-such-bucket/out"})
    role = "arn:aws:iam::000000000000:role/nobody-made"
    refused(code, "Could not assume role", start, uri, DataAccessRoleArn=role)
    tags = [{"Key": str(number), "Value": ""} for number in range(51)]
    refused("TooManyTagsException", "at most 50", start, uri, Tags=tags)
    refused("ValidationException", "enum value set", start, uri, "ONE_DOC_PER_WORD")
    for call in (languages.describe, languages.stop):
        refused("JobNotFoundException", "job was not found", call, "0" * 32)
    entities = Jobs(custom, "EntitiesDetection", LanguageCode="hi")
    refused("UnsupportedLanguageException", r"\[engines.entities\]", entities.start, uri)


def test_the_same_token_starts_one_job(custom, languages):
    uri, other = custom.put("token/in.txt", "text"), custom.put("token/other.txt", "text")
    first = languages.start(uri, ClientRequestToken="once", JobName="token")
    again = languages.start(uri, ClientRequestToken="once", JobName="token")
    assert again["JobId"] == first["JobId"] and again["JobArn"] == first["JobArn"]
    assert len(languages.listed(Filter={"JobName": "token"})[0]) == 1
    assert languages.start(uri, ClientRequestToken="twice", JobName="token")["JobId"] != first["JobId"]
    refused("ResourceInUseException", "once", languages.start, other, ClientRequestToken="once", JobName="token")
    sentiment = Jobs(custom, "SentimentDetection", LanguageCode="en")
    assert sentiment.start(uri, ClientRequestToken="once", JobName="token")["JobId"] != first["JobId"]


def test_what_was_asked_for_is_kept_and_told(custom, languages):
    config = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    uri = custom.put("kept/in.txt", "text")
    job = languages.start(
        uri,
        VolumeKmsKeyId="volume-key",
        VpcConfig=config,
        OutputDataConfig={"S3Uri": f"s3://{BUCKET}/kept-out", "KmsKeyId": "output-key"},
        Tags=[{"Key": "team", "Value": "search"}],
    )
    found = languages.ended(job["JobId"])
    assert found["VolumeKmsKeyId"] == "volume-key" and found["VpcConfig"] == config
    assert found["OutputDataConfig"]["KmsKeyId"] == "output-key"
    assert found["DataAccessRoleArn"] == custom.role
    tags = custom.comprehend.list_tags_for_resource(ResourceArn=job["JobArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "search"}]


@pytest.mark.slow
def test_lists_filter_and_page(server, custom):
    # Another region has no other test's jobs.
    elsewhere = SimpleNamespace(comprehend=server.client("comprehend", region_name="eu-west-1"), role=custom.role)
    there = Jobs(elsewhere, "DominantLanguageDetection")
    readable = custom.put("lists/in.txt", "Where is the train station?")
    ids = []
    for number in range(5):
        place = readable if number % 2 else "s3://no-such-bucket/x"
        ids.append(there.start(place, JobName=f"job {number}")["JobId"])
        time.sleep(0.01)
    jobs = [there.ended(each) for each in ids]
    newest_first = ids[::-1]

    def listed(**wanted):
        return [each["JobId"] for each in there.listed(Filter=wanted)[0]]

    assert [each["JobId"] for each in there.listed()[0]] == newest_first
    assert listed(JobName="job 3") == [ids[3]] and listed(JobName="job") == []
    assert listed(JobStatus="COMPLETED") == [ids[3], ids[1]]
    assert listed(JobStatus="FAILED") == [ids[4], ids[2], ids[0]]
    middle = jobs[2]["SubmitTime"]
    assert listed(SubmitTimeAfter=middle + timedelta(milliseconds=2)) == [ids[4], ids[3]]
    assert listed(SubmitTimeBefore=middle - timedelta(milliseconds=2)) == [ids[0], ids[1]]
    refused("InvalidFilterException", "one filter", there.listed, Filter={"JobName": "a", "JobStatus": "FAILED"})

    seen, token = [], None
    while True:
        page, token = there.listed(MaxResults=2, **({"NextToken": token} if token else {}))
        assert 0 < len(page) <= 2
        seen += [each["JobId"] for each in page]
        if token is None:
            break
    assert seen == newest_first
    refused("InvalidRequestException", "NextToken", there.listed, NextToken="made up")


@pytest.mark.parametrize(
    ("kind", "request_"),
    [
        ("SentimentDetection", {"LanguageCode": "ja"}),
        ("EntitiesDetection", {"LanguageCode": "de"}),
        ("KeyPhrasesDetection", {"LanguageCode": "fr"}),
        ("DominantLanguageDetection", {}),
        ("PiiEntitiesDetection", {"LanguageCode": "es", "Mode": "ONLY_OFFSETS"}),
        ("TargetedSentimentDetection", {"LanguageCode": "en"}),
        ("EventsDetection", {"LanguageCode": "en", "TargetEventTypes": ["IPO"]}),
    ],
)
def test_a_job_of_each_kind_is_told_listed_and_stopped_as_one_of_that_kind(custom, kind, request_):
    uri = custom.put("each/in.txt", "text\n" * 1000)
    jobs = Jobs(custom, kind, **request_)
    started = jobs.start(uri, JobName=f"of {kind}")
    job = started["JobId"]
    assert jobs.stop(job) in ("STOP_REQUESTED", "STOPPED")
    found = jobs.ended(job)
    assert found["JobStatus"] == "STOPPED" and found["JobArn"] == started["JobArn"]
    assert {key: found[key] for key in request_} == request_
    assert jobs.listed(Filter={"JobName": f"of {kind}"})[0] == [found]
    for other in METHODS.keys() - {kind}:
        refused("JobNotFoundException", "not found", Jobs(custom, other).describe, job)
        assert job not in [each["JobId"] for each in Jobs(custom, other).listed()[0]]


def test_a_job_that_has_ended_cannot_be_stopped(custom, languages):
    job = languages.start(custom.put("ended/in.txt", "text"))["JobId"]
    assert languages.ended(job)["JobStatus"] == "COMPLETED"
    refused("InvalidRequestException", "is COMPLETED", languages.stop, job)
    assert languages.describe(job)["JobStatus"] == "COMPLETED"


def test_jobs_of_another_region_are_not_there(server, custom, languages):
    job = languages.start(custom.put("mine/in.txt", "text"))["JobId"]
    other = server.client("comprehend", region_name="eu-north-1")
    refused("JobNotFoundException", "not found", other.describe_dominant_language_detection_job, JobId=job)
    assert other.list_dominant_language_detection_jobs()["DominantLanguageDetectionJobPropertiesList"] == []


def test_an_archive_larger_than_what_a_row_holds_is_written(custom, languages):
    sentences = ["Where is the train station?", "Wo ist der Bahnhof?", "Où est la gare ?", "¿Dónde está la estación?"]
    text = "\n".join(f"{sentences[number % 4]} {number * 7919 % 10007}" for number in range(4000))
    answers = languages.answered(custom.put("many/in.txt", text))
    assert [each["Line"] for each in answers] == list(range(4000))
    best = [each["Languages"][0]["LanguageCode"] for each in answers[:4]]
    assert best == ["en", "de", "fr", "es"]
    folder = custom.server.app.settings.data / "jobs"
    assert not list(folder.glob("*/output/*")), "what a job left is removed once it is in the bucket"


def test_events_fail_naming_what_to_plug_in(custom):
    request = {"LanguageCode": "en", "TargetEventTypes": ["IPO"]}
    events = Jobs(custom, "EventsDetection", **request)
    uri = custom.put("events/in.txt", "Acme plans an IPO in May.")
    found = events.ended(events.start(uri)["JobId"])
    assert found["JobStatus"] == "FAILED" and "install an engine for the field events" in found["Message"]
    assert events.listed(Filter={"JobStatus": "FAILED"})[0] == [found]
    refused("InvalidRequestException", "PARTY", events.start, uri, TargetEventTypes=["PARTY"])
    refused("UnsupportedLanguageException", "English", events.start, uri, LanguageCode="de")
