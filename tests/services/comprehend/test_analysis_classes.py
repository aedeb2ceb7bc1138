"""Jobs that classify with a classifier trained here."""

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.analysed import FILES, Jobs, close
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, Custom, as_csv

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def custom(server):
    return Custom(server)


@pytest.fixture(scope="module")
def support(custom):
    uri = custom.put("classes/train.csv", as_csv(BILLING=BILLING, DELIVERY=DELIVERY))
    arn = custom.create("support", uri)
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    return arn


@pytest.fixture(scope="module")
def jobs(custom):
    return Jobs(custom, "DocumentClassification")


def test_each_line_gets_its_classes_in_predictions_jsonl(custom, jobs, support):
    texts = ["You charged my card twice, refund it", "My parcel is late, where is the courier?"]
    job = jobs.start(custom.put("classes/in.txt", "\n".join(texts)), DocumentClassifierArn=support)
    assert job["DocumentClassifierArn"] == support
    found = jobs.ended(job["JobId"])
    assert found["JobStatus"] == "COMPLETED" and found["DocumentClassifierArn"] == support, found
    assert f"-CLN-{job['JobId']}/" in found["OutputDataConfig"]["S3Uri"]
    assert jobs.listed(Filter={"JobStatus": "COMPLETED"})[0] == [found]
    answers = jobs.unpacked(found, "predictions.jsonl")
    assert [(each["File"], each["Line"]) for each in answers] == [("in.txt", "0"), ("in.txt", "1")]
    assert [each["Classes"][0]["Name"] for each in answers] == ["BILLING", "DELIVERY"]
    endpoint = custom.endpoint("support", support)
    for text, answer in zip(texts, answers, strict=True):
        alone = custom.comprehend.classify_document(Text=text, EndpointArn=endpoint)["Classes"]
        assert close(answer["Classes"], alone)


def test_each_file_gets_the_labels_of_a_multi_label_model(custom, jobs):
    both = [f"{bill}. {parcel}" for bill, parcel in zip(BILLING, DELIVERY, strict=True)]
    rows = as_csv(BILLING=BILLING, DELIVERY=DELIVERY, **{"BILLING|DELIVERY": both})
    uri = custom.put("labels/train.csv", rows)
    arn = custom.create("labels", uri, Mode="MULTI_LABEL")
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    custom.put("labels/in/bill.txt", "My invoice shows the wrong amount\nplease refund the payment")
    custom.put("labels/in/parcel.txt", "The courier lost my parcel\nwhere is the package")
    job = jobs.start(f"s3://{BUCKET}/labels/in/", FILES, DocumentClassifierArn=arn)
    answers = jobs.unpacked(jobs.ended(job["JobId"]), "predictions.jsonl")
    assert [(each["File"], "Line" in each) for each in answers] == [("bill.txt", False), ("parcel.txt", False)]
    assert [each["Labels"][0]["Name"] for each in answers] == ["BILLING", "DELIVERY"]


def test_a_classifier_is_needed_and_must_be_trained(custom, jobs):
    uri = custom.put("classes/one.txt", "text")
    arn = custom.create("one", custom.put("classes/one.csv", as_csv(BILLING=BILLING)))
    assert custom.ended(arn)["Status"] == "IN_ERROR"
    for code, request in (
        ("InvalidRequestException", {}),
        ("ResourceNotFoundException", {"DocumentClassifierArn": arn + "-not"}),
        ("ResourceUnavailableException", {"DocumentClassifierArn": arn}),
    ):
        with pytest.raises(ClientError) as refused:
            jobs.start(uri, **request)
        assert refused.value.response["Error"]["Code"] == code


def test_a_classifier_stays_while_a_job_asks_it(custom, jobs):
    arn = custom.create("asked", custom.put("asked/train.csv", as_csv(BILLING=BILLING, DELIVERY=DELIVERY)))
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    job = jobs.start(custom.put("asked/in.txt", "Where is my parcel?"), DocumentClassifierArn=arn)["JobId"]
    with pytest.raises(ClientError, match=job) as refused:
        custom.comprehend.delete_document_classifier(DocumentClassifierArn=arn)
    assert refused.value.response["Error"]["Code"] == "ResourceInUseException"
    assert jobs.ended(job)["JobStatus"] == "COMPLETED"
    custom.comprehend.delete_document_classifier(DocumentClassifierArn=arn)
