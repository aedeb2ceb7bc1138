"""Model versions: what trainings that fail tell, and what is refused. No weights are needed for that."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.services.rekognition.customised import BUCKET, CustomLabels, drawing, label_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def custom(server: RunningServer) -> CustomLabels:
    return CustomLabels(server)


def code(call, **request) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


@pytest.fixture(scope="module")
def failed(custom: CustomLabels) -> str:
    """A training on a manifest that is faulty in several ways."""
    lines = custom.drawn(["disc", "square"], 3)
    custom.put("broken.png", drawing("disc", 1)[0][:80])
    lines += ["{", {"source-ref": "http://elsewhere/1.png"}, label_line(f"s3://{BUCKET}/broken.png", "disc")]
    train = custom.manifest("faulty.manifest", lines)
    test = custom.manifest("fine.manifest", custom.drawn(["disc", "square"], 1, first=50))
    arn = custom.train(
        custom.project("faulty"),
        "v1",
        TrainingData={"Assets": [{"GroundTruthManifest": train}]},
        TestingData={"Assets": [{"GroundTruthManifest": test}]},
    )
    assert custom.ended(arn)["Status"] == "TRAINING_FAILED"
    return arn


def test_a_training_that_its_data_stops_says_why(custom, failed):
    found = custom.version(failed)
    assert found["StatusMessage"] == "The manifest file contains too many invalid rows."
    assert "EvaluationResult" not in found
    assert "BillableTrainingTimeInSeconds" not in found
    summary = json.loads(custom.read(found["ManifestSummary"]))
    training = summary["statistics"]["training"]
    assert training["errors"] == [
        {
            "code": "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST",
            "message": "The manifest file contains too many invalid rows.",
        }
    ]
    assert training["error_json_line_indices"] == [7, 8, 9]
    assert summary["statistics"]["testing"]["valid_json_lines"] == 2
    validated = custom.read(found["TrainingDataResult"]["Validation"]["Assets"][0]["GroundTruthManifest"]).splitlines()
    codes = [[error["code"] for error in json.loads(line).get("errors", [])] for line in validated]
    assert codes == [[]] * 6 + [
        ["ERROR_INVALID_JSON_LINE"],
        ["ERROR_INVALID_SOURCE_REF_FORMAT"],
        ["ERROR_INVALID_IMAGE"],
    ]
    given = found["TrainingDataResult"]["Input"]["Assets"][0]["GroundTruthManifest"]["S3Object"]
    assert given == {"Bucket": BUCKET, "Name": "faulty.manifest"}


def test_a_failed_version_cannot_be_used(custom, failed):
    start = custom.rekognition.start_project_version
    assert code(start, ProjectVersionArn=failed, MinInferenceUnits=1) == "ResourceInUseException"
    assert code(custom.rekognition.stop_project_version, ProjectVersionArn=failed) == "ResourceInUseException"
    detect = custom.rekognition.detect_custom_labels
    image = {"Bytes": drawing("disc", 1)[0]}
    assert code(detect, ProjectVersionArn=failed, Image=image) == "ResourceNotReadyException"


def test_a_project_with_versions_stays(custom, failed):
    (project,) = custom.rekognition.describe_projects(ProjectNames=["faulty"])["ProjectDescriptions"]
    arn = project["ProjectArn"]
    assert code(custom.rekognition.delete_project, ProjectArn=arn) == "ResourceInUseException"
    other = custom.train(
        arn,
        "v2",
        TrainingData={"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": BUCKET, "Name": "fine.manifest"}}}]},
        TestingData={"AutoCreate": True},
    )
    found = custom.ended(other)
    assert found["StatusMessage"].endswith("insufficient labeled images per label to perform auto-split.")
    names = [
        each["ProjectVersionArn"].split("/")[3]
        for each in custom.rekognition.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"]
    ]
    assert names == ["v2", "v1"]
    assert custom.rekognition.delete_project_version(ProjectVersionArn=other)["Status"] == "DELETING"
    rest = custom.rekognition.describe_project_versions(ProjectArn=arn)["ProjectVersionDescriptions"]
    assert [each["ProjectVersionArn"] for each in rest] == [failed]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The manifest file is empty."),
        ("\n\n", "The manifest file is empty."),
        ('{"source-ref": "s3://custom-labels/none.png"}\n', "The manifest file has too few labels."),
    ],
)
def test_manifests_without_content(custom, text, message):
    custom.put("hollow.manifest", text)
    project = custom.project(f"hollow{len(text)}")
    manifest = {"S3Object": {"Bucket": BUCKET, "Name": "hollow.manifest"}}
    arn = custom.train(
        project,
        "v1",
        TrainingData={"Assets": [{"GroundTruthManifest": manifest}]},
        TestingData={"AutoCreate": True},
    )
    found = custom.ended(arn)
    assert (found["Status"], found["StatusMessage"]) == ("TRAINING_FAILED", message)


def test_requests_that_make_no_sense(custom):
    project = custom.project("senseless")
    create = custom.rekognition.create_project_version
    request = {"ProjectArn": project, "VersionName": "v", "OutputConfig": {"S3Bucket": BUCKET}}
    assert code(create, **request) == "InvalidParameterException"
    there = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": BUCKET, "Name": "fine.manifest"}}}]}
    gone = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": BUCKET, "Name": "gone"}}}]}
    assert code(create, **request, TrainingData=there) == "InvalidParameterException"
    assert code(create, **request, TrainingData=there, TestingData={}) == "InvalidParameterException"
    assert code(create, **request, TrainingData=gone, TestingData={"AutoCreate": True}) == "InvalidS3ObjectException"
    custom.dataset(project, "TRAIN")
    assert code(create, **request, TrainingData=there, TestingData={"AutoCreate": True}) == "InvalidParameterException"
    assert code(create, **request) == "InvalidParameterException"  # its dataset is empty
    nowhere = request | {"OutputConfig": {"S3Bucket": "no-such-bucket"}}
    with pytest.raises(ClientError, match="Unable to write to output S3 bucket"):
        create(**nowhere, TrainingData=there, TestingData={"AutoCreate": True})
    unknown = f"{project.rpartition('/')[0]}/version/v/1700000000000"
    start = custom.rekognition.start_project_version
    assert code(start, ProjectVersionArn=unknown, MinInferenceUnits=1) == "ResourceNotFoundException"


def test_a_bucket_that_vanishes_fails_the_training(custom):
    custom.s3.create_bucket(Bucket="short-lived")
    there = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": BUCKET, "Name": "faulty.manifest"}}}]}
    arn = custom.train(
        custom.project("homeless"),
        "v1",
        OutputConfig={"S3Bucket": "short-lived"},
        TrainingData=there,
        TestingData={"AutoCreate": True},
    )
    custom.s3.delete_bucket(Bucket="short-lived")
    found = custom.ended(arn)
    assert (found["Status"], found["StatusMessage"]) == ("TRAINING_FAILED", "Unable to write to output S3 bucket.")
