"""Models trained on drawn pictures, through boto3: the figures, the files, and what is told of new pictures."""

import json
from io import BytesIO

import pytest
from botocore.exceptions import ClientError
from PIL import Image
from tests.conftest import RunningServer
from tests.services.rekognition.customised import BUCKET, CustomLabels, drawing

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@pytest.fixture(scope="module")
def custom(server: RunningServer) -> CustomLabels:
    return CustomLabels(server)


@pytest.fixture(scope="module")
def classifier(custom: CustomLabels) -> str:
    project = custom.project("shapes")
    custom.dataset(project, "TRAIN", custom.manifest("shapes.manifest", custom.drawn(["disc", "square", "cross"], 8)))
    arn = custom.train(project, "v1", VersionDescription="three shapes")
    assert custom.ended(arn)["Status"] == "TRAINING_COMPLETED", custom.version(arn)
    custom.rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=2)
    return arn


@pytest.fixture(scope="module")
def detector(custom: CustomLabels) -> str:
    project = custom.project("places")
    train = custom.manifest("places.manifest", custom.drawn(["disc", "square"], 12, boxed=True))
    test = custom.manifest("places-test.manifest", custom.drawn(["disc", "square"], 5, boxed=True, first=100))
    arn = custom.train(
        project,
        "v1",
        TrainingData={"Assets": [{"GroundTruthManifest": train}]},
        TestingData={"Assets": [{"GroundTruthManifest": test}]},
    )
    assert custom.ended(arn)["Status"] == "TRAINING_COMPLETED", custom.version(arn)
    custom.rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    return arn


def _told(custom: CustomLabels, arn: str, image: bytes, **more):
    return custom.rekognition.detect_custom_labels(ProjectVersionArn=arn, Image={"Bytes": image}, **more)[
        "CustomLabels"
    ]


def test_a_classifier_tells_new_pictures_apart(custom, classifier):
    for shape in ("disc", "square", "cross"):
        found = _told(custom, classifier, drawing(shape, 500)[0])
        assert found[0]["Name"] == shape
        assert "Geometry" not in found[0]
    everything = _told(custom, classifier, drawing("disc", 501)[0], MinConfidence=0)
    assert everything[0]["Name"] == "disc"
    assert len(everything) == 3
    assert sum(each["Confidence"] for each in everything) == pytest.approx(100, abs=0.01)
    assert len(_told(custom, classifier, drawing("disc", 501)[0], MinConfidence=0, MaxResults=1)) == 1
    surest = everything[0]["Confidence"]
    assert surest < 100
    assert _told(custom, classifier, drawing("disc", 501)[0], MinConfidence=100) == []


def test_the_classifiers_figures_and_files(custom, classifier):
    found = custom.version(classifier)
    assert found["Status"] == "RUNNING"
    assert found["MinInferenceUnits"] == 2
    assert found["VersionDescription"] == "three shapes"
    assert found["BillableTrainingTimeInSeconds"] >= 0
    summary = json.loads(custom.read(found["EvaluationResult"]["Summary"]))
    assert found["EvaluationResult"]["F1Score"] == pytest.approx(summary["AggregatedEvaluationResults"]["F1Score"])
    assert summary["EvaluationDetails"]["Labels"] == ["cross", "disc", "square"]
    assert summary["EvaluationDetails"]["NumberOfTrainingImages"] == 18
    assert summary["EvaluationDetails"]["NumberOfTestingImages"] == 6
    assert {each["Label"] for each in summary["LabelEvaluationResults"]} == {"cross", "disc", "square"}
    assert found["EvaluationResult"]["F1Score"] > 0.8
    lines = [
        json.loads(line)
        for line in custom.read(found["TestingDataResult"]["Output"]["Assets"][0]["GroundTruthManifest"]).splitlines()
    ]
    assert len(lines) == 6
    details = lines[0]["rekognition-custom-labels-evaluation-0-metadata"][
        "rekognition-custom-labels-evaluation-details"
    ]
    assert details["is-true-positive"] is (details["is-present-in-ground-truth"] and not details["is-false-negative"])
    assert found["TestingDataResult"]["Input"]["AutoCreate"] is True
    manifest = json.loads(custom.read(found["ManifestSummary"]))
    assert manifest["statistics"]["training"]["use_case"] == "IMAGE_LEVEL_LABELS"
    assert manifest["statistics"]["training"]["valid_json_lines"] == 18


def test_a_detector_finds_where_new_objects_are(custom, detector):
    hits = 0
    for shape in ("disc", "square"):
        for seed in (600, 601, 602):
            data, (left, top, width, height) = drawing(shape, seed)
            found = _told(custom, detector, data)
            box = found[0]["Geometry"]["BoundingBox"]
            middle = (box["Left"] + box["Width"] / 2) * 160, (box["Top"] + box["Height"] / 2) * 120
            inside = left < middle[0] < left + width and top < middle[1] < top + height
            hits += found[0]["Name"] == shape and inside
    assert hits >= 5
    summary = json.loads(custom.read(custom.version(detector)["EvaluationResult"]["Summary"]))
    whole = summary["AggregatedEvaluationResults"]
    assert whole["AveragePrecision"] > 0.6
    assert "ConfusionMatrix" not in whole


def test_an_empty_picture_has_no_objects_above_their_thresholds(custom, detector):
    stream = BytesIO()
    Image.new("RGB", (160, 120), (180, 180, 180)).save(stream, "PNG")
    assert _told(custom, detector, stream.getvalue()) == []


def test_pictures_that_are_not_taken(custom, classifier):
    def code(image: bytes) -> str:
        with pytest.raises(ClientError) as caught:
            _told(custom, classifier, image)
        return caught.value.response["Error"]["Code"]

    whole = drawing("disc", 1)[0]
    assert code(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "InvalidImageFormatException"
    assert code(whole[: len(whole) // 2]) == "InvalidImageFormatException"
    assert code(drawing("disc", 1, (640, 63))[0]) == "InvalidParameterException"
    stream = BytesIO()
    Image.new("L", (5000, 80)).save(stream, "PNG")
    assert code(stream.getvalue()) == "ImageTooLargeException"
    assert code(b"\0" * ((4 << 20) + 1)) == "ImageTooLargeException"


def test_a_stopped_model_does_not_answer(custom, classifier):
    custom.rekognition.stop_project_version(ProjectVersionArn=classifier)
    with pytest.raises(ClientError) as caught:
        _told(custom, classifier, drawing("disc", 1)[0])
    assert caught.value.response["Error"]["Code"] == "ResourceNotReadyException"
    assert custom.version(classifier)["Status"] == "STOPPED"
    started = custom.rekognition.start_project_version(ProjectVersionArn=classifier, MinInferenceUnits=1)
    assert started["Status"] == "STARTING"
    assert _told(custom, classifier, drawing("disc", 1)[0])[0]["Name"] == "disc"


def test_a_copy_answers_as_its_source_does(custom, classifier):
    target = custom.project("copies")
    source_project = custom.rekognition.describe_projects(ProjectNames=["shapes"])["ProjectDescriptions"][0][
        "ProjectArn"
    ]
    arn = custom.rekognition.copy_project_version(
        SourceProjectArn=source_project,
        SourceProjectVersionArn=classifier,
        DestinationProjectArn=target,
        VersionName="copied",
        OutputConfig={"S3Bucket": BUCKET, "S3KeyPrefix": "copies"},
    )["ProjectVersionArn"]
    copied = custom.ended(arn)
    assert copied["Status"] == "COPYING_COMPLETED", copied
    assert copied["SourceProjectVersionArn"] == classifier
    assert copied["EvaluationResult"]["F1Score"] == custom.version(classifier)["EvaluationResult"]["F1Score"]
    assert copied["EvaluationResult"]["Summary"]["S3Object"]["Name"].startswith("copies/")
    assert json.loads(custom.read(copied["EvaluationResult"]["Summary"]))["Version"] == 1
    custom.rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    image = drawing("square", 700)[0]
    assert _told(custom, arn, image) == _told(custom, classifier, image)


def test_another_account_copies_where_a_project_policy_lets_it(custom, classifier):
    account = "123456789012"
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    other, s3 = custom.server.client("rekognition", **keys), custom.server.client("s3", **keys)
    s3.create_bucket(Bucket="their-own")
    (source,) = custom.rekognition.describe_projects(ProjectNames=["shapes"])["ProjectDescriptions"]
    request = {
        "SourceProjectArn": source["ProjectArn"],
        "SourceProjectVersionArn": classifier,
        "DestinationProjectArn": other.create_project(ProjectName="theirs")["ProjectArn"],
        "VersionName": "copied",
        "OutputConfig": {"S3Bucket": "their-own"},
    }

    def refused() -> bool:
        with pytest.raises(ClientError) as caught:
            other.copy_project_version(**request)
        return caught.value.response["Error"]["Code"] == "AccessDeniedException"

    def share(account: str, action: str = "rekognition:CopyProjectVersion") -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": action,
            "Resource": classifier.rpartition("/")[0] + "/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        name = f"to-{account}-{action.partition(':')[2]}"
        custom.rekognition.put_project_policy(ProjectArn=source["ProjectArn"], PolicyName=name, PolicyDocument=policy)

    assert refused()
    share("111122223333")
    share(account, "rekognition:DescribeProjectVersions")
    assert refused()
    share(account)
    arn = other.copy_project_version(**request)["ProjectVersionArn"]
    assert arn.split(":")[4] == account
    theirs = CustomLabels.__new__(CustomLabels)
    theirs.rekognition, theirs.s3 = other, s3
    assert theirs.ended(arn)["Status"] == "COPYING_COMPLETED"
    other.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    image = drawing("cross", 800)[0]
    assert _told(theirs, arn, image) == _told(custom, classifier, image)
    with pytest.raises(ClientError):
        custom.rekognition.detect_custom_labels(ProjectVersionArn=arn, Image={"Bytes": image})


def test_a_deleted_version_is_gone(custom, detector):
    with pytest.raises(ClientError) as caught:
        custom.rekognition.delete_project_version(ProjectVersionArn=detector)
    assert caught.value.response["Error"]["Code"] == "ResourceInUseException"
    custom.rekognition.stop_project_version(ProjectVersionArn=detector)
    custom.rekognition.delete_project_version(ProjectVersionArn=detector)
    (project,) = custom.rekognition.describe_projects(ProjectNames=["places"])["ProjectDescriptions"]
    found = custom.rekognition.describe_project_versions(ProjectArn=project["ProjectArn"])
    assert found["ProjectVersionDescriptions"] == []
