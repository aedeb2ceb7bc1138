"""Requests that are answered or refused at once: no recording is heard here."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from tests.services.transcribe.spoken import BUCKET, Calls, read

NOISE = b"This is no recording."


@pytest.fixture(scope="module")
def calls(server):
    return Calls(server)


def refused(call, **request) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**request)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"IdentifyLanguage": True}, "Give one of LanguageCode"),
        ({"LanguageOptions": ["en-US", "fr-FR"]}, "LanguageOptions need"),
        ({"Settings": {"ShowAlternatives": True}}, "ShowAlternatives and MaxAlternatives"),
        ({"Settings": {"MaxSpeakerLabels": 2}}, "ShowSpeakerLabels and MaxSpeakerLabels"),
        ({"Settings": {"VocabularyName": "nobody"}}, "The requested vocabulary couldn't be found"),
        ({"Settings": {"VocabularyFilterName": "nobody"}}, "needs a VocabularyFilterMethod"),
        (
            {"Settings": {"VocabularyFilterName": "nobody", "VocabularyFilterMethod": "mask"}},
            "The requested vocabulary filter couldn't be found",
        ),
        ({"ModelSettings": {"LanguageModelName": "mine"}}, "[engines.speech-recognition] model"),
        ({"OutputKey": "out.json"}, "OutputKey needs"),
        ({"OutputBucketName": "nobodys"}, "The specified S3 bucket can't be accessed"),
        ({"OutputEncryptionKMSKeyId": "key"}, "OutputEncryptionKMSKeyId needs"),
        ({"JobExecutionSettings": {"AllowDeferredExecution": True}}, "needs a DataAccessRoleArn"),
        ({"LanguageCode": "kab-DZ"}, "The language kab-DZ is not one"),
        (
            {
                "LanguageCode": "fr-FR",
                "ContentRedaction": {"RedactionType": "PII", "RedactionOutput": "redacted"},
            },
            "ContentRedaction is for the languages en-US and es-US",
        ),
        (
            {"LanguageCode": "en-GB", "ToxicityDetection": [{"ToxicityCategories": ["ALL"]}]},
            "ToxicityDetection is for the LanguageCode en-US",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(calls, options, message):
    uri = calls.put("noise.wav", NOISE)
    request = {
        "TranscriptionJobName": "no",
        "Media": {"MediaFileUri": uri},
        "LanguageCode": "en-US",
        **options,
    }
    code, said = refused(calls.transcribe.start_transcription_job, **request)
    assert code == "BadRequestException" and message in said


def test_a_recording_that_is_not_there_is_refused(calls):
    code, said = refused(calls.start, name="no", uri=f"s3://{BUCKET}/nothing.wav")
    assert code == "BadRequestException" and said.startswith("The S3 URI that you provided can't be accessed")
    assert refused(calls.start, name="no", uri="https://example.com/a.wav")[0] == "BadRequestException"
    assert refused(calls.get, name="no")[1] == (
        "The requested job couldn't be found. Check the job name and try your request again."
    )
    assert refused(calls.transcribe.delete_transcription_job, TranscriptionJobName="no")[0] == "BadRequestException"


def test_vocabularies(calls):
    transcribe = calls.transcribe
    made = transcribe.create_vocabulary(
        VocabularyName="people",
        LanguageCode="en-US",
        Phrases=["Siobhan", "Los-Angeles"],
        Tags=[{"Key": "team", "Value": "search"}],
    )
    assert (made["VocabularyName"], made["LanguageCode"], made["VocabularyState"]) == ("people", "en-US", "READY")
    found = transcribe.get_vocabulary(VocabularyName="people")
    assert read(found["DownloadUri"]) == "Siobhan\nLos-Angeles"
    uri = calls.put("bad.txt", b"Phrase\tSoundsLike\tIPA\tDisplayAs\nLos Angeles\t\t\t\n")
    bad = transcribe.create_vocabulary(VocabularyName="bad", LanguageCode="en-US", VocabularyFileUri=uri)
    assert bad["VocabularyState"] == "FAILED" and bad["FailureReason"].startswith("Line 2: 'Los Angeles' has a space")
    assert [each["VocabularyName"] for each in transcribe.list_vocabularies()["Vocabularies"]] == ["bad", "people"]
    failed = transcribe.list_vocabularies(StateEquals="FAILED")
    assert (failed["Status"], [each["VocabularyName"] for each in failed["Vocabularies"]]) == ("FAILED", ["bad"])
    named = transcribe.list_vocabularies(NameContains="EOP")["Vocabularies"]
    assert [each["VocabularyName"] for each in named] == ["people"]
    first = transcribe.list_vocabularies(MaxResults=1)
    second = transcribe.list_vocabularies(MaxResults=1, NextToken=first["NextToken"])
    assert [page["Vocabularies"][0]["VocabularyName"] for page in (first, second)] == ["bad", "people"]
    recording = calls.put("noise.wav", NOISE)
    code, said = refused(calls.start, name="no", uri=recording, Settings={"VocabularyName": "bad"})
    assert code == "BadRequestException" and "Line 2" in said
    code, said = refused(
        calls.start, name="no", uri=recording, LanguageCode="en-GB", Settings={"VocabularyName": "people"}
    )
    assert code == "BadRequestException" and "in en-US and the job in en-GB" in said
    changed = transcribe.update_vocabulary(VocabularyName="bad", LanguageCode="en-US", Phrases=["Los-Angeles"])
    assert changed["VocabularyState"] == "READY"
    found = transcribe.get_vocabulary(VocabularyName="bad")
    assert "FailureReason" not in found and read(found["DownloadUri"]) == "Los-Angeles"
    again = {"VocabularyName": "people", "LanguageCode": "en-US", "Phrases": ["x"]}
    assert refused(transcribe.create_vocabulary, **again) == (
        "ConflictException",
        "The requested vocabulary name already exists. Use a different vocabulary name.",
    )
    for wrong in ({}, {"Phrases": []}, {"Phrases": ["x"], "VocabularyFileUri": uri}, {"VocabularyFileUri": f"{uri}x"}):
        request = {"VocabularyName": "new", "LanguageCode": "en-US", **wrong}
        assert refused(transcribe.create_vocabulary, **request)[0] == "BadRequestException"
    for name in ("bad", "people"):
        transcribe.delete_vocabulary(VocabularyName=name)
    assert refused(transcribe.get_vocabulary, VocabularyName="people") == (
        "BadRequestException",
        "The requested vocabulary couldn't be found. Check the vocabulary name and try your request again.",
    )
    assert refused(transcribe.delete_vocabulary, VocabularyName="people")[0] == "BadRequestException"


def test_vocabulary_filters(calls):
    transcribe = calls.transcribe
    uri = calls.put("rude.txt", b"heck\ndarn\n")
    made = transcribe.create_vocabulary_filter(
        VocabularyFilterName="rude", LanguageCode="en-US", VocabularyFilterFileUri=uri
    )
    assert (made["VocabularyFilterName"], made["LanguageCode"]) == ("rude", "en-US")
    found = transcribe.get_vocabulary_filter(VocabularyFilterName="rude")
    assert read(found["DownloadUri"]) == "heck\ndarn"
    transcribe.update_vocabulary_filter(VocabularyFilterName="rude", Words=["blimey"])
    found = transcribe.get_vocabulary_filter(VocabularyFilterName="rude")
    assert read(found["DownloadUri"]) == "blimey" and found["LastModifiedTime"] > made["LastModifiedTime"]
    listed = transcribe.list_vocabulary_filters(NameContains="RUD")["VocabularyFilters"]
    assert [each["VocabularyFilterName"] for each in listed] == ["rude"]
    again = {"VocabularyFilterName": "rude", "LanguageCode": "en-US", "Words": ["x"]}
    assert refused(transcribe.create_vocabulary_filter, **again)[0] == "ConflictException"
    wrong = {"VocabularyFilterName": "two", "LanguageCode": "en-US", "Words": ["two words"]}
    assert refused(transcribe.create_vocabulary_filter, **wrong)[0] == "BadRequestException"
    transcribe.delete_vocabulary_filter(VocabularyFilterName="rude")
    assert refused(transcribe.get_vocabulary_filter, VocabularyFilterName="rude")[0] == "BadRequestException"


def test_an_account_may_have_a_hundred_filters(server):
    transcribe = server.client("transcribe", aws_access_key_id="test", region_name="eu-west-1")
    for number in range(100):
        transcribe.create_vocabulary_filter(
            VocabularyFilterName=f"filter-{number}", LanguageCode="en-US", Words=["word"]
        )
    one_more = {"VocabularyFilterName": "filter-100", "LanguageCode": "en-US", "Words": ["word"]}
    assert refused(transcribe.create_vocabulary_filter, **one_more)[0] == "LimitExceededException"


def test_tags(calls):
    transcribe = calls.transcribe
    transcribe.create_vocabulary(VocabularyName="tagged", LanguageCode="en-US", Phrases=["x"])
    arn = "arn:aws:transcribe:us-east-1:000000000000:vocabulary/tagged"
    listed = transcribe.list_tags_for_resource(ResourceArn=arn)
    assert "Tags" not in listed
    transcribe.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "a"}, {"Key": "cost", "Value": "b"}])
    transcribe.untag_resource(ResourceArn=arn, TagKeys=["cost", "nothing"])
    assert transcribe.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]
    missing = {"ResourceArn": f"{arn}x"}
    assert refused(transcribe.list_tags_for_resource, **missing)[0] == "NotFoundException"


def test_what_there_is_no_engine_for_says_what_to_do(calls):
    transcribe = calls.transcribe
    uri = calls.put("noise.wav", NOISE)
    medical = {
        "MedicalTranscriptionJobName": "visit",
        "LanguageCode": "en-US",
        "Media": {"MediaFileUri": uri},
        "OutputBucketName": BUCKET,
        "Specialty": "PRIMARYCARE",
        "Type": "CONVERSATION",
    }
    code, said = refused(transcribe.start_medical_transcription_job, **medical)
    assert code == "BadRequestException" and "No medical engine is built in" in said
    words = {"VocabularyName": "drugs", "LanguageCode": "en-US", "VocabularyFileUri": uri}
    assert refused(transcribe.create_medical_vocabulary, **words)[0] == "BadRequestException"
    assert transcribe.list_medical_transcription_jobs()["MedicalTranscriptionJobSummaries"] == []
    assert transcribe.list_medical_vocabularies(StateEquals="READY")["Status"] == "READY"
    name = {"MedicalTranscriptionJobName": "visit"}
    assert refused(transcribe.get_medical_transcription_job, **name)[0] == "BadRequestException"
    assert transcribe.list_language_models()["Models"] == []
    assert refused(transcribe.describe_language_model, ModelName="mine")[0] == "NotFoundException"


def test_a_custom_language_model_is_refused_after_its_request_was_checked(server, calls):
    iam = server.client("iam")
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
        '"Principal": {"Service": "transcribe.amazonaws.com"}}]}'
    )
    role = iam.create_role(RoleName="trainer", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    calls.put("texts/one.txt", b"words")

    def create(uri: str, role: str) -> tuple[str, str]:
        return refused(
            calls.transcribe.create_language_model,
            LanguageCode="en-US",
            BaseModelName="WideBand",
            ModelName="mine",
            InputDataConfig={"S3Uri": uri, "DataAccessRoleArn": role},
        )

    assert "can't be accessed" in create(f"s3://{BUCKET}/nothing.txt", role)[1]
    assert "Could not assume role" in create(f"s3://{BUCKET}/texts/", f"{role}x")[1]
    code, said = create(f"s3://{BUCKET}/texts/one.txt", role)
    assert code == "BadRequestException" and "[engines.speech-recognition] model" in said
