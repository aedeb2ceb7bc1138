"""What custom classification does on a machine where no weights were pulled."""

import time

import pytest
from tests.conftest import RunningServer, settings_for
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, Custom, as_csv


@pytest.fixture(scope="module")
def custom(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    running = RunningServer(settings_for(folder / "data", cache=folder / "no-weights"))
    yield Custom(running)
    running.close()


def test_words_alone_are_learned_and_a_warning_says_so(custom):
    found = {}
    for name, first, second in (("one", BILLING, DELIVERY), ("turned", DELIVERY, BILLING)):
        arn = custom.create(name, custom.put(f"{name}.csv", as_csv(A=first, B=second)))
        described = custom.ended(arn)
        assert described["Status"] == "TRAINED_WITH_WARNING"
        assert "honmono weights pull e5-small" in described["Message"]
        endpoint = custom.endpoint(name, arn)
        answer = custom.comprehend.classify_document(Text="I was charged twice for my order", EndpointArn=endpoint)
        found[name] = answer["Classes"][0]["Name"]
    assert found == {"one": "A", "turned": "B"}


def test_a_bucket_that_is_gone_at_the_end_is_an_error_and_no_model(custom):
    """The training waits for the machine's cores while the bucket is deleted."""
    custom.s3.create_bucket(Bucket="short-lived")
    uri = custom.put("short-lived.csv", as_csv(A=BILLING, B=DELIVERY))
    ledger = custom.server.app.ledger
    with ledger.take(ledger.cores, 0, wait=30):
        arn = custom.create("short-lived", uri, OutputDataConfig={"S3Uri": "s3://short-lived/out"})
        assert custom.describe(arn)["Status"] == "SUBMITTED"
        custom.s3.delete_bucket(Bucket="short-lived")
    found = custom.ended(arn)
    assert found["Status"] == "IN_ERROR" and "short-lived" in found["Message"]
    assert "ClassifierMetadata" not in found


def test_a_training_that_waits_is_stopped(custom):
    ledger = custom.server.app.ledger
    with ledger.take(ledger.cores, 0, wait=30):
        arn = custom.create("stopped", custom.put("stopped.csv", as_csv(A=BILLING, B=DELIVERY)))
        assert custom.describe(arn)["Status"] == "SUBMITTED"
        custom.comprehend.stop_training_document_classifier(DocumentClassifierArn=arn)
        found = custom.ended(arn, 10)
    assert found["Status"] == "STOPPED" and "EndTime" in found and "TrainingStartTime" not in found
    custom.comprehend.stop_training_document_classifier(DocumentClassifierArn=arn)
    with pytest.raises(custom.comprehend.exceptions.ResourceUnavailableException, match="STOPPED"):
        custom.endpoint("stopped", arn)
    custom.comprehend.delete_document_classifier(DocumentClassifierArn=arn)


def test_a_training_that_runs_is_stopped(custom):
    """Of 30,000 documents none is learned from any more once it was told to stop."""
    rows = as_csv(
        A=[f"{text} {number}" for text in BILLING for number in range(2500)],
        B=[f"{text} {number}" for text in DELIVERY for number in range(2500)],
    )
    arn = custom.create("running", custom.put("running.csv", rows), OutputDataConfig={"S3Uri": f"s3://{BUCKET}/out"})
    ends = time.monotonic() + 30
    while (status := custom.describe(arn)["Status"]) == "SUBMITTED" and time.monotonic() < ends:
        time.sleep(0.02)
    assert status == "TRAINING"
    custom.comprehend.stop_training_document_classifier(DocumentClassifierArn=arn)
    assert custom.ended(arn, 20)["Status"] == "STOPPED"
    assert "Contents" not in custom.s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")
