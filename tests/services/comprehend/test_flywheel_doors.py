"""What flywheels refuse, list and delete; no training, so no weights."""

import json
import time

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, as_csv
from tests.services.comprehend.flywheel import MULTI_CLASS, Wheels
from tests.services.comprehend.test_endpoints import model

from honmono.engines.text.classifier.training import Documents, train


@pytest.fixture(scope="module")
def wheels(server):
    return Wheels(server)


@pytest.fixture(scope="module")
def wheel(wheels):
    return wheels.flywheel("door")


def refused(code, words, call, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def trained(wheels, name, **body):
    """A trained classifier as its service would keep it, with files that classify."""
    platform = wheels.server.app.platform
    documents = Documents(BILLING + DELIVERY, [("BILLING",)] * len(BILLING) + [("DELIVERY",)] * len(DELIVERY))
    with platform.database.transaction() as tx:
        job = platform.jobs.enqueue("comprehend.no-such-kind", {}, tx=tx)
        platform.jobs.stop(job, tx=tx)
    train(documents, mode="MULTI_CLASS").model.save(platform.jobs.job_directory(job) / "output" / "model")
    arn = model(wheels.server, name)
    record = platform.records.by_arn(arn)
    kept = {"DocumentClassifierName": name, "LanguageCode": "en", "Mode": "MULTI_CLASS", "Job": job, **body}
    platform.records.update(record, body=kept)
    return arn


def test_a_dataset_is_taken_into_the_lake_as_it_was_read(wheels, wheel):
    found = wheels.dataset(
        wheel, "taken", as_csv(BILLING=BILLING[:3], 配送=["荷物が届きません 😢", 'a "quoted" text'.replace('"', '""')])
    )
    assert (found["Status"], found["NumberOfDocuments"], found["DatasetType"]) == ("COMPLETED", 5, "TRAIN")
    assert found["EndTime"] >= found["CreationTime"]
    folder = found["DatasetS3Uri"]
    assert folder.startswith(f"{wheels.wheel(wheel)['DataLakeS3Uri']}datasets/taken/2") and folder.endswith("Z/")
    assert wheels.keys(folder) == [f"{folder}documents.jsonl"]
    lines = wheels.lines(f"{folder}documents.jsonl")
    assert lines[3:] == [
        {"labels": ["配送"], "text": "荷物が届きません 😢"},
        {"labels": ["配送"], "text": 'a "quoted" text'},
    ]


def test_an_augmented_manifest_is_taken_in(wheels, wheel):
    lines = [json.dumps({"source": text, "job": 0, "job-metadata": {"class-name": "pay"}}) for text in BILLING]
    uri = wheels.put("manifest.jsonl", "\n".join(lines))
    config = {"DataFormat": "AUGMENTED_MANIFEST", "AugmentedManifests": [{"S3Uri": uri, "AttributeNames": ["job"]}]}
    create = wheels.comprehend.create_dataset
    arn = create(FlywheelArn=wheel, DatasetName="manifest", InputDataConfig=config)["DatasetArn"]
    found = wheels.taken_in(arn)
    assert (found["Status"], found["NumberOfDocuments"]) == ("COMPLETED", len(BILLING))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("A,one,two\n", ["line 1", "two columns", "has 3"]),
        (b"A,one\nB,\xff\n", ["line 2", "not UTF-8"]),
        ("A,one\n\nB,\n", ["line 3", "empty"]),
        ("\n", ["no documents"]),
    ],
    ids=["ragged", "encoding", "empty", "nothing"],
)
def test_data_that_cannot_be_read_name_file_and_line(wheels, wheel, data, words, request):
    name = f"bad-{request.node.callspec.id}"
    found = wheels.dataset(wheel, name, data)
    assert found["Status"] == "FAILED" and "NumberOfDocuments" not in found
    for word in words:
        assert word in found["Message"]
    if "line" in words[0]:
        assert f"s3://{BUCKET}/incoming/door/{name}.csv" in found["Message"]
    assert not wheels.keys(found["DatasetS3Uri"])


def test_input_that_is_not_there(wheels, wheel):
    config = {"DocumentClassifierInputDataConfig": {"S3Uri": f"s3://{BUCKET}/nowhere/at/all"}}
    create = wheels.comprehend.create_dataset
    arn = create(FlywheelArn=wheel, DatasetName="nowhere", InputDataConfig=config)["DatasetArn"]
    found = wheels.taken_in(arn)
    assert found["Status"] == "FAILED"
    assert "NO_READ_ACCESS_TO_INPUT" in found["Message"] and "nowhere/at/all" in found["Message"]


def test_too_little_data_fail_the_iteration_and_its_version(wheels):
    arn = wheels.flywheel("little")
    start = wheels.comprehend.start_flywheel_iteration
    refused("InvalidRequestException", "create a dataset of the type TRAIN", start, FlywheelArn=arn)
    wheels.dataset(arn, "tests-alone", as_csv(A=BILLING), "TEST")
    refused("InvalidRequestException", "create a dataset of the type TRAIN", start, FlywheelArn=arn)
    wheels.dataset(arn, "few", as_csv(A=BILLING, B=DELIVERY[:4]))
    iteration = wheels.iterate(arn)
    assert iteration["Status"] == "FAILED"
    assert "at least 10 documents" in iteration["Message"] and "'B' (4)" in iteration["Message"]
    assert "TrainedModelMetrics" not in iteration and "EvaluationManifestS3Prefix" not in iteration
    version = wheels.describe(iteration["TrainedModelArn"])
    assert (version["Status"], version["Message"]) == ("IN_ERROR", iteration["Message"])
    assert wheels.wheel(arn)["LatestFlywheelIteration"] == iteration["FlywheelIterationId"]
    assert "ActiveModelArn" not in wheels.wheel(arn)
    update = wheels.comprehend.update_flywheel
    failed = iteration["TrainedModelArn"]
    refused("InvalidRequestException", "IN_ERROR", update, FlywheelArn=arn, ActiveModelArn=failed)
    endpoint = {"EndpointName": "little", "FlywheelArn": arn, "DesiredInferenceUnits": 1}
    refused("ResourceUnavailableException", "no active model", wheels.comprehend.create_endpoint, **endpoint)


def test_a_lake_that_somebody_changed_fails_the_iteration(wheels):
    arn = wheels.flywheel("changed")
    found = wheels.dataset(arn, "one", as_csv(A=BILLING, B=DELIVERY))
    uri = f"{found['DatasetS3Uri']}documents.jsonl"
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    wheels.s3.put_object(Bucket=bucket, Key=key, Body=b'{"labels": ["A"], "text": "fine"}\n{"labels": []}\n')
    assert f"{uri}, line 2" in wheels.iterate(arn)["Message"]
    wheels.s3.delete_object(Bucket=bucket, Key=key)
    iteration = wheels.iterate(arn)
    assert iteration["Status"] == "FAILED" and "lost a file" in iteration["Message"] and uri in iteration["Message"]


def test_one_iteration_runs_at_a_time(wheels):
    arn = wheels.flywheel("one")
    wheels.dataset(arn, "data", as_csv(A=BILLING * 8, B=DELIVERY * 8))
    comprehend, start = wheels.comprehend, wheels.comprehend.start_flywheel_iteration
    first = start(FlywheelArn=arn, ClientRequestToken="once")["FlywheelIterationId"]
    assert start(FlywheelArn=arn, ClientRequestToken="once")["FlywheelIterationId"] == first
    refused("ResourceInUseException", f"{first} is running", start, FlywheelArn=arn)
    refused("ResourceInUseException", "running an iteration", comprehend.delete_flywheel, FlywheelArn=arn)
    running = wheels.iteration(arn, first)
    assert running["Status"] in ("TRAINING", "EVALUATING") and "EndTime" not in running
    # Comprehend has no operation to stop an iteration; stopping its version's training does.
    comprehend.stop_training_document_classifier(DocumentClassifierArn=running["TrainedModelArn"])
    ended = wheels.waited(lambda: wheels.iteration(arn, first), "TRAINING", "EVALUATING", "STOP_REQUESTED")
    assert ended["Status"] == "STOPPED"
    assert wheels.describe(running["TrainedModelArn"])["Status"] == "STOPPED"


@pytest.mark.slow
def test_lists_follow_the_filter_and_the_pages(wheels):
    before = wheels.wheel(wheels.flywheel("listed-1"))["CreationTime"]
    time.sleep(0.01)
    made = [wheels.flywheel(f"listed-{number}") for number in (2, 3)]
    comprehend = wheels.comprehend

    def walk(call, member, key, **request):
        seen, more = [], {}
        while True:
            page = call(MaxResults=1, **request, **more)
            assert len(page[member]) <= 1
            seen += [each[key] for each in page[member]]
            if "NextToken" not in page:
                return seen
            more = {"NextToken": page["NextToken"]}

    listed = walk(comprehend.list_flywheels, "FlywheelSummaryList", "FlywheelArn", Filter={"CreationTimeAfter": before})
    assert listed[: len(made)] == made[::-1]
    assert comprehend.list_flywheels(Filter={"Status": "FAILED"})["FlywheelSummaryList"] == []
    refused("InvalidRequestException", "NextToken", comprehend.list_flywheels, NextToken="made-up")
    two = {"Status": "ACTIVE", "CreationTimeAfter": before}
    refused("InvalidFilterException", "one filter at a time", comprehend.list_flywheels, Filter=two)

    one = made[0]
    for name, kind in (("a", "TRAIN"), ("b", "TEST"), ("c", "TRAIN")):
        wheels.dataset(one, name, as_csv(A=BILLING, B=DELIVERY) if name != "c" else "broken", kind)
    wheels.dataset(made[1], "a", as_csv(A=BILLING))
    names = walk(comprehend.list_datasets, "DatasetPropertiesList", "DatasetName", FlywheelArn=one)
    assert names == ["c", "b", "a"]

    def datasets(**wanted):
        found = comprehend.list_datasets(FlywheelArn=one, Filter=wanted)["DatasetPropertiesList"]
        return [each["DatasetName"] for each in found]

    assert datasets(DatasetType="TRAIN") == ["c", "a"]
    assert datasets(Status="FAILED") == ["c"]
    assert datasets(Status="COMPLETED", DatasetType="TEST") == ["b"]
    everywhere = {each["DatasetArn"] for each in comprehend.list_datasets()["DatasetPropertiesList"]}
    assert {f"{one}/dataset/a", f"{made[1]}/dataset/a"} <= everywhere

    wheels.s3.delete_object(Bucket=BUCKET, Key="nothing")
    for each in ("a", "c"):
        uri = comprehend.describe_dataset(DatasetArn=f"{one}/dataset/{each}")["DatasetProperties"]["DatasetS3Uri"]
        for found in wheels.keys(uri):
            wheels.s3.delete_object(Bucket=BUCKET, Key=found.split("/", 3)[3])
    ids = [wheels.iterate(one)["FlywheelIterationId"] for _ in range(2)]
    assert ids[0] < ids[1]
    history = comprehend.list_flywheel_iteration_history
    assert walk(history, "FlywheelIterationPropertiesList", "FlywheelIterationId", FlywheelArn=one) == ids[::-1]
    none = history(FlywheelArn=one, Filter={"CreationTimeBefore": before})
    assert none["FlywheelIterationPropertiesList"] == []


def test_what_the_door_refuses(wheels, wheel):
    comprehend = wheels.comprehend
    common = {"FlywheelName": "refused", "DataAccessRoleArn": wheels.role, "DataLakeS3Uri": wheels.lake}
    new = {"TaskConfig": MULTI_CLASS, "ModelType": "DOCUMENT_CLASSIFIER"}
    active = trained(wheels, "refusing")

    def create(code, words, **more):
        refused(code, words, comprehend.create_flywheel, **{**common, **more})

    create("InvalidRequestException", "ActiveModelArn, or both TaskConfig and ModelType")
    create("InvalidRequestException", "ActiveModelArn, or both", ModelType="DOCUMENT_CLASSIFIER")
    create("InvalidRequestException", "Do not set TaskConfig", ActiveModelArn=active, **new)
    create(
        "InvalidRequestException", "TaskConfig for DOCUMENT_CLASSIFIER", **{**new, "TaskConfig": {"LanguageCode": "en"}}
    )
    create("ResourceNotFoundException", "RESOURCE_NOT_FOUND", ActiveModelArn=f"{active}-not")
    create("ResourceUnavailableException", "SUBMITTED", ActiveModelArn=model(wheels.server, "early", "SUBMITTED"))
    create("InvalidRequestException", "Could not assume role", **{**new, "DataAccessRoleArn": f"{wheels.role}-not"})
    create("InvalidRequestException", "NO_WRITE_ACCESS", **{**new, "DataLakeS3Uri": "s3://no-such-bucket-here/x"})
    create("ResourceInUseException", "exists already", **{**new, "FlywheelName": "door"})
    missing = wheel.replace("/door", "/nobody")
    for call in (comprehend.describe_flywheel, comprehend.delete_flywheel, comprehend.start_flywheel_iteration):
        refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", call, FlywheelArn=missing)
    iteration = {"FlywheelArn": wheel, "FlywheelIterationId": "20200101T000000Z"}
    refused("ResourceNotFoundException", "NOT_FOUND", comprehend.describe_flywheel_iteration, **iteration)

    def dataset(code, words, **more):
        config = {"DocumentClassifierInputDataConfig": {"S3Uri": f"s3://{BUCKET}/x"}}
        request = {"FlywheelArn": wheel, "DatasetName": "refused", "InputDataConfig": config, **more}
        refused(code, words, comprehend.create_dataset, **request)

    dataset("InvalidRequestException", "DocumentClassifierInputDataConfig is required", InputDataConfig={})
    manifest = {"DataFormat": "AUGMENTED_MANIFEST"}
    dataset("InvalidRequestException", "AugmentedManifests is required", InputDataConfig=manifest)
    manifest["AugmentedManifests"] = [
        {"S3Uri": f"s3://{BUCKET}/x", "AttributeNames": ["a"], "DocumentType": "SEMI_STRUCTURED_DOCUMENT"}
    ]
    dataset("InvalidRequestException", "plain text only", InputDataConfig=manifest)
    entities = {"EntityRecognizerInputDataConfig": {"Documents": {"S3Uri": f"s3://{BUCKET}/x"}}}
    dataset("InvalidRequestException", "entity recognizers", InputDataConfig=entities)
    dataset("ResourceNotFoundException", "NOT_FOUND", FlywheelArn=missing)
    dataset("TooManyTagsException", "at most 50", Tags=[{"Key": str(number)} for number in range(51)])

    update = comprehend.update_flywheel
    refused("InvalidRequestException", "Nothing", update, FlywheelArn=wheel)
    several = trained(wheels, "several-labels", Mode="MULTI_LABEL")
    refused("InvalidRequestException", "another task", update, FlywheelArn=wheel, ActiveModelArn=several)
    security = {"ModelKmsKeyId": "key", "VolumeKmsKeyId": "other"}
    changed = update(FlywheelArn=wheel, DataSecurityConfig=security)["FlywheelProperties"]
    assert changed["DataSecurityConfig"] == security
    assert changed["LastModifiedTime"] > changed["CreationTime"]


def test_a_token_makes_a_repeated_request_the_same(wheels):
    arn = wheels.flywheel("token", ClientRequestToken="once")
    assert wheels.flywheel("token", ClientRequestToken="once") == arn
    uri = wheels.put("token.csv", as_csv(A=BILLING))
    request = {
        "FlywheelArn": arn,
        "DatasetName": "token",
        "InputDataConfig": {"DocumentClassifierInputDataConfig": {"S3Uri": uri}},
    }
    create = wheels.comprehend.create_dataset
    one = create(**request, ClientRequestToken="once")["DatasetArn"]
    assert create(**request, ClientRequestToken="once")["DatasetArn"] == one
    refused("ResourceInUseException", "dataset token already", create, **request)
    wheels.taken_in(one)


def test_a_model_whose_data_are_gone_makes_no_flywheel(wheels):
    active = trained(wheels, "gone", InputDataConfig={"S3Uri": f"s3://{BUCKET}/gone/away.csv"})
    arn = wheels.comprehend.create_flywheel(
        FlywheelName="gone", ActiveModelArn=active, DataAccessRoleArn=wheels.role, DataLakeS3Uri=wheels.lake
    )["FlywheelArn"]
    found = wheels.waited(lambda: wheels.wheel(arn), "CREATING")
    assert found["Status"] == "FAILED" and "gone/away.csv" in found["Message"]
    start = wheels.comprehend.start_flywheel_iteration
    refused("InvalidRequestException", "FAILED", start, FlywheelArn=arn)
    wheels.comprehend.delete_flywheel(FlywheelArn=arn)


def test_deleting_leaves_the_lake_and_the_model(wheels):
    active = trained(wheels, "kept")
    arn = wheels.flywheel("kept", active=active)
    refused(
        "ResourceInUseException",
        "active model",
        wheels.comprehend.delete_document_classifier,
        DocumentClassifierArn=active,
    )
    found = wheels.dataset(arn, "data", as_csv(A=BILLING, B=DELIVERY))
    wheels.comprehend.delete_flywheel(FlywheelArn=arn)
    refused("ResourceNotFoundException", "NOT_FOUND", wheels.comprehend.describe_flywheel, FlywheelArn=arn)
    dataset = found["DatasetArn"]
    refused("ResourceNotFoundException", "NOT_FOUND", wheels.comprehend.describe_dataset, DatasetArn=dataset)
    assert wheels.keys(found["DatasetS3Uri"])
    assert wheels.describe(active)["Status"] == "TRAINED"
    wheels.comprehend.delete_document_classifier(DocumentClassifierArn=active)
    again = wheels.flywheel("kept")
    assert wheels.comprehend.list_datasets(FlywheelArn=again)["DatasetPropertiesList"] == []
