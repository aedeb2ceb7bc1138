"""kill -9 in the middle of an analysis: the next start goes on where it was, and each document is answered once."""

import time

import pytest
from tests.services.comprehend.analysed import Jobs
from tests.services.comprehend.custom import BUCKET, Custom
from tests.services.comprehend.test_killed_training import Killable

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def test_an_analysis_goes_on_after_the_server_was_killed(server):
    custom = Custom(server)
    languages = Jobs(custom, "DominantLanguageDetection")
    lines = 40_000
    for number in range(2):
        text = "\n".join(f"The train number {number}{line} leaves at seven." for line in range(lines))
        custom.put(f"in/{number}.txt", text)
    job = languages.start(f"s3://{BUCKET}/in/")["JobId"]
    notes = server.folder / "jobs"
    ends = time.monotonic() + 60
    while not list(notes.glob("*/checkpoint/done.json")):
        assert time.monotonic() < ends and languages.describe(job)["JobStatus"] in ("SUBMITTED", "IN_PROGRESS")
        time.sleep(0.02)
    server.kill()
    server.start()

    found = languages.ended(job, 120)
    assert found["JobStatus"] == "COMPLETED", found
    answers = languages.unpacked(found)
    expected = [(f"{number}.txt", line) for number in range(2) for line in range(lines)]
    assert [(each["File"], each["Line"]) for each in answers] == expected
    assert all("Languages" in each for each in answers)
    listed = custom.s3.list_objects_v2(Bucket=BUCKET, Prefix="answers/")
    assert [each["Key"] for each in listed["Contents"]] == [found["OutputDataConfig"]["S3Uri"].split("/", 3)[3]]
