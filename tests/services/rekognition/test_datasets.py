"""Datasets: of manifests and of each other, changed, split, listed with filters."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.services.rekognition.customised import BUCKET, CustomLabels, box_line, label_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def custom(server: RunningServer) -> CustomLabels:
    return CustomLabels(server)


def code(call, **request) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def uri(name: str) -> str:
    return f"s3://{BUCKET}/{name}.png"


LINES = [
    label_line(uri("cat1"), "cat"),
    label_line(uri("cat2"), "cat", "night"),
    box_line(uri("dog1"), [("dog", (5, 5, 20, 20)), ("dog", (50, 5, 20, 20)), ("ball", (80, 80, 9, 9))], (200, 100)),
    {"source-ref": uri("plain")},
    box_line(uri("off"), [("dog", (190, 5, 20, 20))], (200, 100)),
]


@pytest.fixture(scope="module")
def pets(custom: CustomLabels) -> str:
    return custom.dataset(custom.project("pets"), "TRAIN", custom.manifest("pets.manifest", LINES))


def listed(custom: CustomLabels, arn: str, **filters) -> list[str]:
    found = custom.rekognition.list_dataset_entries(DatasetArn=arn, **filters)["DatasetEntries"]
    return [json.loads(entry)["source-ref"].rpartition("/")[2].removesuffix(".png") for entry in found]


def test_a_dataset_of_a_manifest(custom, pets):
    described = custom.written(pets)
    assert (described["Status"], described["StatusMessageCode"]) == ("CREATE_COMPLETE", "SUCCESS")
    assert described["DatasetStats"] == {"LabeledEntries": 3, "TotalEntries": 5, "TotalLabels": 4, "ErrorEntries": 1}
    labels = custom.rekognition.list_dataset_labels(DatasetArn=pets)["DatasetLabelDescriptions"]
    assert {each["LabelName"]: each["LabelStats"] for each in labels} == {
        "ball": {"EntryCount": 1, "BoundingBoxCount": 1},
        "cat": {"EntryCount": 2, "BoundingBoxCount": 0},
        "dog": {"EntryCount": 1, "BoundingBoxCount": 1},
        "night": {"EntryCount": 1, "BoundingBoxCount": 0},
    }
    (project,) = custom.rekognition.describe_projects(ProjectNames=["pets"])["ProjectDescriptions"]
    assert [(each["DatasetArn"], each["DatasetType"]) for each in project["Datasets"]] == [(pets, "TRAIN")]


def test_entries_are_filtered(custom, pets):
    assert listed(custom, pets) == ["cat1", "cat2", "dog1", "plain", "off"]
    assert listed(custom, pets, Labeled=True) == ["cat1", "cat2", "dog1"]
    assert listed(custom, pets, Labeled=False) == ["plain", "off"]
    assert listed(custom, pets, ContainsLabels=["night", "ball"]) == ["cat2", "dog1"]
    assert listed(custom, pets, SourceRefContains="cat") == ["cat1", "cat2"]
    assert listed(custom, pets, HasErrors=True) == ["off"]
    assert listed(custom, pets, HasErrors=False, Labeled=False) == ["plain"]
    (entry,) = custom.rekognition.list_dataset_entries(DatasetArn=pets, HasErrors=True)["DatasetEntries"]
    assert json.loads(entry)["box"]["annotations"][0]["errors"][0]["code"] == "ERROR_INVALID_BOUNDING_BOX"


def test_entries_and_labels_come_in_pages(custom, pets):
    seen, token = [], {}
    while True:
        page = custom.rekognition.list_dataset_entries(DatasetArn=pets, MaxResults=2, **token)
        seen += page["DatasetEntries"]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == custom.rekognition.list_dataset_entries(DatasetArn=pets)["DatasetEntries"]
    first = custom.rekognition.list_dataset_labels(DatasetArn=pets, MaxResults=3)
    rest = custom.rekognition.list_dataset_labels(DatasetArn=pets, MaxResults=3, NextToken=first["NextToken"])
    names = [each["LabelName"] for page in (first, rest) for each in page["DatasetLabelDescriptions"]]
    assert names == ["ball", "cat", "dog", "night"]


@pytest.mark.parametrize("token", ["x", "x.0", "{job}.7", "{job}.-1", "{job}.99999999999999999999"])
def test_tokens_that_were_not_given(custom, pets, token):
    page = custom.rekognition.list_dataset_entries(DatasetArn=pets, MaxResults=1)
    token = token.replace("{job}", page["NextToken"].partition(".")[0])
    listing = custom.rekognition.list_dataset_entries
    assert code(listing, DatasetArn=pets, NextToken=token) == "InvalidPaginationTokenException"


def test_entries_are_changed_and_added(custom):
    arn = custom.dataset(custom.project("changing"), "TRAIN", custom.manifest("changing.manifest", LINES[:2]))
    changes = [label_line(uri("cat1"), "tiger"), label_line(uri("new"), "lynx")]
    data = "\n".join(map(json.dumps, changes)).encode()
    custom.rekognition.update_dataset_entries(DatasetArn=arn, Changes={"GroundTruth": data})
    assert custom.written(arn)["Status"] == "UPDATE_COMPLETE"
    assert listed(custom, arn) == ["cat1", "cat2", "new"]
    assert listed(custom, arn, ContainsLabels=["tiger"]) == ["cat1"]
    custom.rekognition.update_dataset_entries(DatasetArn=arn, Changes={"GroundTruth": b"{\n{\n"})
    failed = custom.written(arn)
    assert (failed["Status"], failed["StatusMessageCode"]) == ("UPDATE_FAILED", "CLIENT_ERROR")
    assert "too many terminal errors" in failed["StatusMessage"]
    assert listed(custom, arn) == ["cat1", "cat2", "new"]


def test_an_empty_dataset_is_filled(custom):
    arn = custom.dataset(custom.project("filled"), "TRAIN")
    assert custom.written(arn)["DatasetStats"]["TotalEntries"] == 0
    assert listed(custom, arn) == []
    data = json.dumps(LINES[0]).encode()
    custom.rekognition.update_dataset_entries(DatasetArn=arn, Changes={"GroundTruth": data})
    assert custom.written(arn)["DatasetStats"]["TotalEntries"] == 1


def test_a_copy_stands_for_itself(custom, pets):
    arn = custom.dataset(custom.project("copied"), "TEST", DatasetArn=pets)
    assert listed(custom, arn) == listed(custom, pets)
    custom.rekognition.delete_dataset(DatasetArn=arn)
    assert code(custom.rekognition.describe_dataset, DatasetArn=arn) == "ResourceNotFoundException"
    assert len(listed(custom, pets)) == 5


def test_a_fifth_of_a_dataset_is_moved(custom):
    project = custom.project("split")
    lines = [label_line(uri(f"{label}{number}"), label) for label in ("a", "b") for number in range(10)]
    train = custom.dataset(project, "TRAIN", custom.manifest("split.manifest", lines))
    test = custom.dataset(project, "TEST")
    custom.rekognition.distribute_dataset_entries(Datasets=[{"Arn": train}, {"Arn": test}])
    stats = [custom.written(arn)["DatasetStats"]["TotalEntries"] for arn in (train, test)]
    assert stats == [16, 4]
    assert set(listed(custom, train)) | set(listed(custom, test)) == {f"{x}{n}" for x in "ab" for n in range(10)}
    labels = custom.rekognition.list_dataset_labels(DatasetArn=test)["DatasetLabelDescriptions"]
    assert [(each["LabelName"], each["LabelStats"]["EntryCount"]) for each in labels] == [("a", 2), ("b", 2)]
    distribute = custom.rekognition.distribute_dataset_entries
    assert code(distribute, Datasets=[{"Arn": train}, {"Arn": test}]) == "InvalidParameterException"
    assert code(distribute, Datasets=[{"Arn": train}, {"Arn": train}]) == "InvalidParameterException"
    # One job wrote both: the one that stays keeps its entries.
    custom.rekognition.delete_dataset(DatasetArn=train)
    assert len(listed(custom, test)) == 4
    custom.rekognition.delete_project(ProjectArn=project)
    assert code(custom.rekognition.describe_dataset, DatasetArn=test) == "ResourceNotFoundException"


def test_labels_with_one_picture_cannot_be_split(custom):
    project = custom.project("too-few")
    lines = [label_line(uri("a1"), "a"), label_line(uri("a2"), "a"), label_line(uri("b1"), "b")]
    train = custom.dataset(project, "TRAIN", custom.manifest("too-few.manifest", lines))
    test = custom.dataset(project, "TEST")
    custom.rekognition.distribute_dataset_entries(Datasets=[{"Arn": train}, {"Arn": test}])
    for arn in (train, test):
        assert custom.written(arn)["Status"] == "UPDATE_FAILED"
        assert "enough labeled images" in custom.written(arn)["StatusMessage"]
    assert len(listed(custom, train)) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The manifest file is empty."),
        ("{}\n" * 3, "The manifest file has too many terminal errors."),
        ("\0\xff" * 500_000, "The manifest file has too many terminal errors."),
        (
            "".join(json.dumps(label_line(uri(f"m{number}"), f"label {number}")) + "\n" for number in range(251)),
            "The manifest file has too many labels.",
        ),
    ],
    ids=["empty", "objects", "bytes", "labels"],
)
def test_manifests_that_make_no_dataset(custom, text, message, request):
    name = request.node.callspec.id
    custom.put(f"{name}.manifest", text.encode("latin-1"))
    arn = custom.dataset(
        custom.project(f"bad-{name}"), "TRAIN", {"S3Object": {"Bucket": BUCKET, "Name": f"{name}.manifest"}}
    )
    found = custom.written(arn)
    assert (found["Status"], found["StatusMessageCode"]) == ("CREATE_FAILED", "CLIENT_ERROR")
    assert found["StatusMessage"].startswith(message)
    assert code(custom.rekognition.list_dataset_entries, DatasetArn=arn) == "ResourceNotReadyException"
    custom.rekognition.delete_dataset(DatasetArn=arn)


def test_what_is_refused_at_the_door(custom, pets):
    project = custom.project("door")
    create = custom.rekognition.create_dataset
    missing = {"GroundTruthManifest": {"S3Object": {"Bucket": BUCKET, "Name": "missing"}}}
    assert code(create, ProjectArn=project, DatasetType="TRAIN", DatasetSource=missing) == "InvalidS3ObjectException"
    (there,) = custom.rekognition.describe_projects(ProjectNames=["pets"])["ProjectDescriptions"]
    assert code(create, ProjectArn=there["ProjectArn"], DatasetType="TRAIN") == "ResourceAlreadyExistsException"
    other = custom.server.client("rekognition", region_name="eu-west-1")
    assert code(other.describe_dataset, DatasetArn=pets) == "ResourceNotFoundException"
