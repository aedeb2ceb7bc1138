from __future__ import annotations

import io
import json
import time
import zipfile

import pytest
from botocore.exceptions import ClientError
from tests import documents

from honmono.engines.translation.apertium import installed

names = {mode.name for mode in installed()}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not {"eng-spa", "spa-eng", "eng-cat"} <= names,
        reason="the packages apertium-eng-spa and apertium-eng-cat are not installed",
    ),
]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "translate.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def translate(server):
    return server.client("translate")


@pytest.fixture
def bucket(server):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="papers")
    yield s3
    for each in s3.list_objects_v2(Bucket="papers").get("Contents", ()):
        s3.delete_object(Bucket="papers", Key=each["Key"])
    s3.delete_bucket(Bucket="papers")


@pytest.fixture
def role(server):
    iam = server.client("iam")
    yield iam.create_role(RoleName="translator", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.delete_role(RoleName="translator")


def ended(describe, key, done, seconds=60):
    for _ in range(seconds * 10):
        found = describe()
        if found[key] in done:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def start(translate, role, source="en", targets=("es",), form="text/plain", **more):
    made = translate.start_text_translation_job(
        InputDataConfig={"S3Uri": "s3://papers/in/", "ContentType": form},
        OutputDataConfig={"S3Uri": "s3://papers/out/"},
        DataAccessRoleArn=role,
        SourceLanguageCode=source,
        TargetLanguageCodes=list(targets),
        **more,
    )
    return ended(
        lambda: translate.describe_text_translation_job(JobId=made["JobId"])["TextTranslationJobProperties"],
        "JobStatus",
        ("COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOPPED"),
    )


def body(s3, uri):
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def test_a_folder_is_translated_into_two_languages(translate, bucket, role):
    bucket.put_object(Bucket="papers", Key="in/one.txt", Body=b"The house is big.\n")
    bucket.put_object(Bucket="papers", Key="in/deep/two.txt", Body=b"The cat is black.")
    bucket.put_object(Bucket="papers", Key="in/bad.txt", Body=b"\xff\xfe\x00bad")
    job = start(translate, role, targets=("es", "ca"), JobName="both")
    assert job["JobStatus"] == "COMPLETED_WITH_ERROR", job
    assert job["JobDetails"] == {
        "TranslatedDocumentsCount": 2,
        "DocumentsWithErrorsCount": 1,
        "InputDocumentsCount": 3,
    }
    out = job["OutputDataConfig"]["S3Uri"]
    assert body(bucket, out + "es.one.txt") == b"La casa es grande.\n"
    assert body(bucket, out + "deep/ca.two.txt").decode() == "El gat és negre."
    details = json.loads(body(bucket, out + "details/es.auxiliary-translation-details.json"))
    assert details["charactersTranslated"] == str(len("The house is big.\nThe cat is black."))
    [error] = [each for each in details["details"] if "error" in each["auxiliaryData"]]
    assert error["sourceFile"] == "bad.txt" and "UTF-8" in error["auxiliaryData"]["error"]["errorMessage"]
    listed = translate.list_text_translation_jobs(Filter={"JobName": "both"})["TextTranslationJobPropertiesList"]
    assert [each["JobId"] for each in listed] == [job["JobId"]]


def test_parallel_data_and_a_terminology_change_what_a_job_says(translate, bucket, role):
    bucket.put_object(Bucket="papers", Key="in/one.txt", Body=b"Flight 17 is late. The big house.")
    bucket.put_object(
        Bucket="papers", Key="memory.csv", Body=b"en,es\nFlight 3 is late.,El vuelo 3 llega tarde.\n,empty\nlong,\n"
    )
    translate.create_parallel_data(
        Name="flights", ParallelDataConfig={"S3Uri": "s3://papers/memory.csv", "Format": "CSV"}
    )
    data = ended(
        lambda: translate.get_parallel_data(Name="flights")["ParallelDataProperties"], "Status", ("ACTIVE", "FAILED")
    )
    assert (data["ImportedRecordCount"], data["SkippedRecordCount"]) == (1, 2)
    translate.import_terminology(
        Name="houses",
        MergeStrategy="OVERWRITE",
        TerminologyData={"File": b"en,es\nbig house,casona\n", "Format": "CSV"},
    )
    plain = start(translate, role)
    helped = start(translate, role, ParallelDataNames=["flights"], TerminologyNames=["houses"])
    before, after = (body(bucket, job["OutputDataConfig"]["S3Uri"] + "es.one.txt").decode() for job in (plain, helped))
    assert "El vuelo 17 llega tarde." in after and "casona" in after
    assert "llega tarde" not in before and "casona" not in before
    translate.update_parallel_data(
        Name="flights", ParallelDataConfig={"S3Uri": "s3://papers/in/one.txt", "Format": "TMX"}
    )
    failed = ended(
        lambda: translate.get_parallel_data(Name="flights")["ParallelDataProperties"],
        "LatestUpdateAttemptStatus",
        ("ACTIVE", "FAILED"),
    )
    assert failed["LatestUpdateAttemptStatus"] == "FAILED" and failed["Status"] == "ACTIVE"
    assert "TMX" in failed["Message"]


def test_each_document_may_be_in_a_language_of_its_own(translate, bucket, role):
    bucket.put_object(Bucket="papers", Key="in/es.html", Body=b"<p>El gato <b>negro</b> duerme en la casa.</p>")
    bucket.put_object(
        Bucket="papers", Key="in/ca.html", Body="<p>La casa del meu germà és gran i molt vella.</p>".encode()
    )
    job = start(translate, role, "auto", ("en",), "text/html")
    assert job["JobStatus"] == "COMPLETED", job
    out = job["OutputDataConfig"]["S3Uri"]
    details = json.loads(body(bucket, out + "details/en.auxiliary-translation-details.json"))["details"]
    assert {each["sourceFile"]: each["auxiliaryData"]["detectedLanguage"] for each in details} == {
        "es.html": "es",
        "ca.html": "ca",
    }
    assert "cat" in body(bucket, out + "en.es.html").decode()
    assert "brother" in body(bucket, out + "en.ca.html").decode()


def test_what_cannot_be_done_is_refused_at_the_door(translate, bucket, role):
    for change, code in (
        ({"targets": ("ta",)}, "UnsupportedLanguagePairException"),
        ({"form": "application/pdf"}, "InvalidRequestException"),
        ({"TerminologyNames": ["none"]}, "ResourceNotFoundException"),
        ({"ParallelDataNames": ["none"]}, "ResourceNotFoundException"),
        ({"Settings": {"Formality": "FORMAL"}}, "InvalidRequestException"),
    ):
        with pytest.raises(ClientError) as error:
            start(translate, role, **change)
        assert error.value.response["Error"]["Code"] == code
    with pytest.raises(ClientError):
        start(translate, "arn:aws:iam::000000000000:role/nobody")


def test_a_word_document_comes_back_with_its_markup(translate):
    made = translate.translate_document(
        Document={
            "Content": documents.docx("The house is big.", "The cat is black."),
            "ContentType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        },
        SourceLanguageCode="auto",
        TargetLanguageCode="es",
    )
    with zipfile.ZipFile(io.BytesIO(made["TranslatedDocument"]["Content"])) as archive:
        text = archive.read("word/document.xml").decode()
    assert "La casa es grande." in text and "El gato es negro." in text
    assert made["SourceLanguageCode"] == "en"
    for content in (documents.external_entity("/etc/hostname"), b"no zip"):
        with pytest.raises(ClientError) as error:
            translate.translate_document(
                Document={
                    "Content": content,
                    "ContentType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                },
                SourceLanguageCode="en",
                TargetLanguageCode="es",
            )
        assert error.value.response["Error"]["Code"] == "InvalidRequestException"
