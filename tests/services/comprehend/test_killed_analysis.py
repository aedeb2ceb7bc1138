"""kill -9 in the middle of an analysis: the next start goes on where it was, and each document is answered once."""

import time

import pytest
from tests.services.comprehend.analysed import Jobs
from tests.services.comprehend.custom import BUCKET, Custom
from tests.services.comprehend.test_killed_training import Killable

pytestmark = pytest.mark.slow

LINES = 40_000


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


@pytest.fixture
def custom(server):
    custom = Custom(server)
    for number in range(2):
        text = "\n".join(f"The train {number}-{line} leaves; ask ana{line}@example.org." for line in range(LINES))
        custom.put(f"in/{number}.txt", text)
    return custom


def killed(server, jobs):
    """A job that has completed although its server was killed after it had noted how far it was."""
    job = jobs.start(f"s3://{BUCKET}/in/")["JobId"]
    ends = time.monotonic() + 60
    while not list((server.folder / "jobs").glob("*/checkpoint/done.json")):
        assert time.monotonic() < ends and jobs.describe(job)["JobStatus"] in ("SUBMITTED", "IN_PROGRESS")
        time.sleep(0.02)
    server.kill()
    server.start()
    found = jobs.ended(job, 120)
    assert found["JobStatus"] == "COMPLETED", found
    return found


def test_answers_in_an_archive_go_on_after_the_server_was_killed(server, custom):
    languages = Jobs(custom, "DominantLanguageDetection")
    found = killed(server, languages)
    answers = languages.unpacked(found)
    expected = [(f"{number}.txt", line) for number in range(2) for line in range(LINES)]
    assert [(each["File"], each["Line"]) for each in answers] == expected
    assert all("Languages" in each for each in answers)
    listed = custom.s3.list_objects_v2(Bucket=BUCKET, Prefix="answers/")
    assert [each["Key"] for each in listed["Contents"]] == [found["OutputDataConfig"]["S3Uri"].split("/", 3)[3]]


def test_answers_file_by_file_go_on_after_the_server_was_killed(server, custom):
    config = {"PiiEntityTypes": ["ALL"], "MaskMode": "REPLACE_WITH_PII_ENTITY_TYPE"}
    request = {"LanguageCode": "en", "Mode": "ONLY_REDACTION", "RedactionConfig": config}
    personal = Jobs(custom, "PiiEntitiesDetection", **request)
    assert personal.left(killed(server, personal)) == {
        f"{number}.txt.out": "".join(f"The train {number}-{line} leaves; ask [EMAIL].\n" for line in range(LINES))
        for number in range(2)
    }
