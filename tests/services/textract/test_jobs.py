from __future__ import annotations

import json
import time

import pytest
from botocore.exceptions import ClientError
from tests import documents

pytestmark = pytest.mark.slow
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "textract.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def textract(server):
    return server.client("textract")


@pytest.fixture
def s3(server):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="archive")
    yield s3
    for each in s3.list_objects_v2(Bucket="archive").get("Contents", ()):
        s3.delete_object(Bucket="archive", Key=each["Key"])
    s3.delete_bucket(Bucket="archive")


def ended(get, job_id, seconds=60, **more):
    for _ in range(seconds * 10):
        found = get(JobId=job_id, **more)
        if found["JobStatus"] != "IN_PROGRESS":
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def place(name):
    return {"S3Object": {"Bucket": "archive", "Name": name}}


def test_every_page_of_a_document_is_read_and_told_page_by_page(textract, s3):
    pages = [[f"Page {number} of the report", f"Amount {number * 7} yen"] for number in range(1, 13)]
    s3.put_object(Bucket="archive", Key="report.pdf", Body=documents.pdf(*pages))
    job = textract.start_document_text_detection(DocumentLocation=place("report.pdf"), ClientRequestToken="one")[
        "JobId"
    ]
    again = textract.start_document_text_detection(DocumentLocation=place("report.pdf"), ClientRequestToken="one")
    assert again["JobId"] == job
    found = ended(textract.get_document_text_detection, job, MaxResults=50)
    assert found["JobStatus"] == "SUCCEEDED" and found["DocumentMetadata"]["Pages"] == 12
    blocks = list(found["Blocks"])
    while "NextToken" in found:
        found = textract.get_document_text_detection(JobId=job, MaxResults=50, NextToken=found["NextToken"])
        blocks += found["Blocks"]
    lines = [(block["Page"], block["Text"]) for block in blocks if block["BlockType"] == "LINE"]
    assert lines == [(number, line) for number, page in enumerate(pages, 1) for line in page]
    assert len({block["Id"] for block in blocks}) == len(blocks)
    for wrong in ({"NextToken": "x"}, {"JobId": "0" * 64}):
        with pytest.raises(ClientError):
            textract.get_document_text_detection(**{"JobId": job, **wrong})
    with pytest.raises(ClientError) as error:
        textract.get_document_analysis(JobId=job)
    assert error.value.response["Error"]["Code"] == "InvalidJobIdException"


def test_the_end_is_told_to_a_topic_and_written_to_a_bucket(textract, s3, server):
    sns, sqs = server.client("sns"), server.client("sqs")
    topic = sns.create_topic(Name="read")["TopicArn"]
    queue = sqs.create_queue(QueueName="read")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    role = server.client("iam").create_role(RoleName="teller", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"][
        "Arn"
    ]
    s3.put_object(Bucket="archive", Key="letter.pdf", Body=documents.pdf(["Dear reader"]))
    job = textract.start_document_text_detection(
        DocumentLocation=place("letter.pdf"),
        JobTag="post",
        NotificationChannel={"SNSTopicArn": topic, "RoleArn": role},
        OutputConfig={"S3Bucket": "archive", "S3Prefix": "read"},
    )["JobId"]
    assert ended(textract.get_document_text_detection, job)["JobStatus"] == "SUCCEEDED"
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    told = json.loads(json.loads(messages[0]["Body"])["Message"])
    assert (told["JobId"], told["Status"], told["JobTag"]) == (job, "SUCCEEDED", "post")
    assert told["API"] == "StartDocumentTextDetection"
    assert told["DocumentLocation"] == {"S3ObjectName": "letter.pdf", "S3Bucket": "archive"}
    output = json.loads(s3.get_object(Bucket="archive", Key=f"read/{job}/1")["Body"].read())
    assert [block["Text"] for block in output["Blocks"] if block["BlockType"] == "LINE"] == ["Dear reader"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (documents.encrypted_pdf(["secret"]), "encrypted"),
        (documents.pdf(["cut"])[:200], "INVALID_DOCUMENT"),
        (b"just text", "UNSUPPORTED_DOCUMENT"),
    ],
)
def test_what_cannot_be_read_fails_with_its_reason(textract, s3, document, reason):
    s3.put_object(Bucket="archive", Key="bad", Body=document)
    job = textract.start_document_text_detection(DocumentLocation=place("bad"))["JobId"]
    found = ended(textract.get_document_text_detection, job)
    assert found["JobStatus"] == "FAILED" and reason in found["StatusMessage"]


def test_a_picture_of_several_pages_is_read(textract, s3):
    s3.put_object(Bucket="archive", Key="fax.tiff", Body=documents.tiff(["First page"], ["Second page"]))
    job = textract.start_document_text_detection(DocumentLocation=place("fax.tiff"))["JobId"]
    found = ended(textract.get_document_text_detection, job)
    lines = [(block["Page"], block["Text"]) for block in found["Blocks"] if block["BlockType"] == "LINE"]
    assert lines == [(1, "First page"), (2, "Second page")]
