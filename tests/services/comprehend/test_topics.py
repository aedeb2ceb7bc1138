"""Topics detection jobs, as a client of AWS uses them."""

from __future__ import annotations

import csv
import io
import tarfile
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from tests.conftest import RunningServer
from tests.engines.text.topics.texts import english, japanese
from tests.services.comprehend.custom import BUCKET, Custom

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def custom(server: RunningServer) -> Custom:
    return Custom(server)


def start(custom: Custom, key: str, number: int | None = None, form: str = "ONE_DOC_PER_LINE", **more: Any) -> Any:
    return custom.comprehend.start_topics_detection_job(
        InputDataConfig={"S3Uri": f"s3://{BUCKET}/{key}", "InputFormat": form},
        OutputDataConfig={"S3Uri": f"s3://{BUCKET}/results/"},
        DataAccessRoleArn=custom.role,
        **({} if number is None else {"NumberOfTopics": number}),
        **more,
    )


def described(custom: Custom, job: str) -> dict[str, Any]:
    return custom.comprehend.describe_topics_detection_job(JobId=job)["TopicsDetectionJobProperties"]


def ended(custom: Custom, job: str, seconds: float = 90) -> dict[str, Any]:
    ends = time.monotonic() + seconds
    while (found := described(custom, job))["JobStatus"] in ("SUBMITTED", "IN_PROGRESS"):
        assert time.monotonic() < ends, f"still {found}"
        time.sleep(0.2)
    return found


Rows = list[dict[str, str]]


def output(custom: Custom, job: dict[str, Any]) -> tuple[Rows, Rows]:
    """The rows of topic-terms.csv and of doc-topics.csv."""
    assert job["JobStatus"] == "COMPLETED", job
    bucket, _, key = job["OutputDataConfig"]["S3Uri"].removeprefix("s3://").partition("/")
    data = custom.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert archive.getnames() == ["topic-terms.csv", "doc-topics.csv"]
        files = [archive.extractfile(name) for name in archive.getnames()]
        terms, documents = (list(csv.DictReader(io.TextIOWrapper(file, "utf-8"))) for file in files if file)
    return terms, documents


def terms_by_topic(rows: Rows) -> dict[str, set[str]]:
    return {number: {row["term"] for row in rows if row["topic"] == number} for number in {r["topic"] for r in rows}}


def main_topics(rows: Rows) -> dict[str, str]:
    """The first row of a document is its main topic."""
    return {row["docname"]: row["topic"] for row in reversed(rows)}


def test_lines_of_a_file_are_sorted_into_topics(custom: Custom) -> None:
    custom.put("lines/news.txt", "\n".join(english()))
    started = start(custom, "lines/", 2, JobName="news")
    assert started["JobStatus"] == "SUBMITTED"
    assert started["JobArn"].endswith(f":topics-detection-job/{started['JobId']}")
    job = ended(custom, started["JobId"])
    assert job["NumberOfTopics"] == 2 and job["JobName"] == "news" and job["EndTime"] >= job["SubmitTime"]
    assert f"-TOPICS-{job['JobId']}/output/output.tar.gz" in job["OutputDataConfig"]["S3Uri"]
    terms, documents = output(custom, job)
    assert list(terms[0]) == ["topic", "term", "weight"] and list(documents[0]) == ["docname", "topic", "proportion"]
    topics = terms_by_topic(terms)
    assert set(topics) == {"000", "001"} and all(len(found) == 10 for found in topics.values())
    main = main_topics(documents)
    assert list(main)[::-1] == [f"news.txt:{line}" for line in range(60)]
    kitchen, football = main["news.txt:0"], main["news.txt:1"]
    assert [main[f"news.txt:{line}"] for line in range(60)] == [kitchen, football] * 30
    assert {"oven", "dough", "soup"} & topics[kitchen] and {"match", "goalkeeper", "cup"} & topics[football]
    for number in topics:
        assert 0 < sum(float(row["weight"]) for row in terms if row["topic"] == number) < 1
    for name in main:
        assert sum(float(row["proportion"]) for row in documents if row["docname"] == name) == pytest.approx(1)


def test_japanese_files_are_sorted_by_their_words(custom: Custom) -> None:
    for number, text in enumerate(japanese(24)):
        custom.put(f"files/文書{number:02}.txt", text)
    terms, documents = output(custom, ended(custom, start(custom, "files/文", 2, "ONE_DOC_PER_FILE")["JobId"]))
    main = main_topics(documents)
    cooking, railways = main["文書00.txt"], main["文書01.txt"]
    assert [main[f"文書{number:02}.txt"] for number in range(24)] == [cooking, railways] * 12
    topics = terms_by_topic(terms)
    assert {"炒める", "生地", "砂糖"} & topics[cooking] and {"列車", "駅", "車両"} & topics[railways]


def test_two_languages_are_two_topics(custom: Custom) -> None:
    custom.put("both/all.txt", "\n".join([*english(30)[::2], *japanese(30)[::2]]))
    _, documents = output(custom, ended(custom, start(custom, "both/", 2)["JobId"]))
    main = main_topics(documents)
    assert len({main[f"all.txt:{line}"] for line in range(15)}) == 1
    assert {main[f"all.txt:{line}"] for line in range(15)} != {main[f"all.txt:{line}"] for line in range(15, 30)}


def test_a_hundred_topics_of_three_documents_are_three(custom: Custom) -> None:
    custom.put("three/a.txt", "whales sing\n\ntrains\nwhales sing\nthe parliament votes, again and again\n")
    job = ended(custom, start(custom, "three/a.txt", 100)["JobId"])
    terms, documents = output(custom, job)
    assert job["NumberOfTopics"] == 100 and set(terms_by_topic(terms)) == {"000", "001", "002"}
    # Line 1 is empty: no topic is its own.
    assert set(main_topics(documents)) == {"a.txt:0", "a.txt:2", "a.txt:3", "a.txt:4"}


def test_without_a_number_there_are_ten(custom: Custom) -> None:
    custom.put("default/news.txt", "\n".join(english()))
    job = ended(custom, start(custom, "default/")["JobId"])
    assert job["NumberOfTopics"] == 10
    assert len(terms_by_topic(output(custom, job)[0])) == 10


def test_hostile_lines_are_passed_over(custom: Custom) -> None:
    custom.put("hostile/a.txt", "\n".join(english(30)))
    custom.put(
        "hostile/b.txt", b"x" * ((1 << 20) + 1) + b'\nwhales, "sing" =1+1\n' + b"\xff\xfe\x00binary\nnever read\n"
    )
    custom.put("hostile/c,1.txt", "\n".join(english(30)))
    _, documents = output(custom, ended(custom, start(custom, "hostile/", 3)["JobId"]))
    names = set(main_topics(documents))
    assert {"a.txt:0", "c,1.txt:29"} <= names
    assert not names & {"b.txt:0", "b.txt:2", "b.txt:3"}


@pytest.mark.parametrize(
    ("key", "data", "said"),
    [
        ("failing/empty.txt", b"", "no document has a word"),
        ("failing/numbers.txt", b"1 2 3\n4 5 6\n", "no document has a word"),
        ("failing/binary.bin", b"\x89PNG\xff\xfe\x00", "binary.bin, line 0: Document is not in UTF-8 format"),
        ("failing/thai.txt", "แมวนอนบนโซฟา\nสุนัขวิ่งเล่นในสวน".encode(), "in the languages th (2): plug in an engine"),
        ("failing/none/", None, "NO_READ_ACCESS_TO_INPUT"),
    ],
)
def test_what_has_no_topics_fails_and_says_why(custom: Custom, key: str, data: bytes | None, said: str) -> None:
    if data is not None:
        custom.put(key, data)
    job = ended(custom, start(custom, key, 5)["JobId"])
    assert job["JobStatus"] == "FAILED" and said in job["Message"]


def test_jobs_are_listed_and_filtered(custom: Custom) -> None:
    custom.put("listed/a.txt", "\n".join(english(20)))
    first = start(custom, "listed/", 2, JobName="listed-first")["JobId"]
    second = start(custom, "listed/", 3, JobName="listed-second")["JobId"]
    for job in (first, second):
        ended(custom, job)
    jobs = custom.comprehend.list_topics_detection_jobs
    named = jobs(Filter={"JobName": "listed-second"})["TopicsDetectionJobPropertiesList"]
    assert [job["JobId"] for job in named] == [second] and named[0]["NumberOfTopics"] == 3
    done = {job["JobId"] for job in jobs(Filter={"JobStatus": "COMPLETED"})["TopicsDetectionJobPropertiesList"]}
    assert {first, second} <= done
    page = jobs(MaxResults=1)
    following = jobs(MaxResults=1, NextToken=page["NextToken"])["TopicsDetectionJobPropertiesList"]
    assert page["TopicsDetectionJobPropertiesList"][0]["JobId"] == second and following[0]["JobId"] == first


def test_a_request_asked_twice_starts_one_job(custom: Custom) -> None:
    custom.put("twice/a.txt", "\n".join(english(20)))
    first, again = (start(custom, "twice/", 2, ClientRequestToken="once")["JobId"] for _ in range(2))
    assert first == again
    with pytest.raises(ClientError) as caught:
        start(custom, "twice/", 3, ClientRequestToken="once")
    assert caught.value.response["Error"]["Code"] == "ResourceInUseException"
    ended(custom, first)


def test_what_is_wrong_is_said_at_the_door(custom: Custom) -> None:
    for number in (0, 101):
        with pytest.raises((ClientError, ParamValidationError)):
            start(custom, "lines/", number)
    with pytest.raises(ClientError) as caught:
        described(custom, "0" * 32)
    assert caught.value.response["Error"]["Code"] == "JobNotFoundException"
    with pytest.raises(ClientError) as caught:
        custom.comprehend.start_topics_detection_job(
            InputDataConfig={"S3Uri": f"s3://{BUCKET}/lines/"},
            OutputDataConfig={"S3Uri": "s3://there-is-no-such-bucket/"},
            DataAccessRoleArn=custom.role,
        )
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
