"""Flywheels whose model recognizes entities of one's own."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.custom import BUCKET
from tests.services.comprehend.flywheel import Wheels
from tests.services.comprehend.recognizing import Recognizing, annotations, english, japanese, lines

pytestmark = pytest.mark.weights

TASK = {
    "LanguageCode": "ja",
    "EntityRecognitionConfig": {"EntityTypes": [{"Type": "MACHINE"}, {"Type": "ENGINEER"}]},
}


class RecognizingWheels(Wheels, Recognizing):
    """Both."""

    def marked(self, flywheel, name, marked, kind="TRAIN"):
        """A dataset of annotated documents once it has been taken in."""
        config = {
            "Documents": {"S3Uri": self.put(f"{name}/documents.txt", lines(marked))},
            "Annotations": {"S3Uri": self.put(f"{name}/annotations.csv", annotations(marked))},
        }
        arn = self.comprehend.create_dataset(
            FlywheelArn=flywheel,
            DatasetName=name,
            DatasetType=kind,
            InputDataConfig={"EntityRecognizerInputDataConfig": config},
        )["DatasetArn"]
        return self.taken_in(arn)

    def recognizing(self, name, task=TASK):
        return self.comprehend.create_flywheel(
            FlywheelName=name,
            DataAccessRoleArn=self.role,
            DataLakeS3Uri=self.lake,
            TaskConfig=task,
            ModelType="ENTITY_RECOGNIZER",
        )["FlywheelArn"]


@pytest.fixture(scope="module")
def wheels(server):
    return RecognizingWheels(server)


def test_japanese_is_recognized_once_a_dataset_of_it_has_come(wheels):
    comprehend = wheels.comprehend
    arn = wheels.recognizing("machines")
    assert wheels.wheel(arn)["TaskConfig"] == TASK
    taken = wheels.marked(arn, "english", english(72))
    assert (taken["Status"], taken["NumberOfDocuments"]) == ("COMPLETED", 72), taken
    text = english(1)[0][0]
    first_line = wheels.lines(f"{taken['DatasetS3Uri']}documents.jsonl")[0]
    assert first_line["text"] == text
    assert [(text[each["begin"] : each["end"]], each["type"]) for each in first_line["mentions"]] == english(1)[0][1]
    assert wheels.marked(arn, "test", japanese(90)[60:], "TEST")["Status"] == "COMPLETED"
    first = wheels.iterate(arn, 180)
    assert first["Status"] == "COMPLETED", first
    comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=first["TrainedModelArn"])
    endpoint = comprehend.create_endpoint(EndpointName="machines", FlywheelArn=arn, DesiredInferenceUnits=1)
    endpoint = endpoint["EndpointArn"]

    wheels.marked(arn, "japanese", japanese(60))
    second = wheels.iterate(arn, 180)
    assert second["Status"] == "COMPLETED", second
    assert second["EvaluatedModelMetrics"] == pytest.approx(first["TrainedModelMetrics"])
    for name in ("AverageF1Score", "AverageRecall", "AverageAccuracy"):
        assert second["TrainedModelMetrics"][name] > second["EvaluatedModelMetrics"][name]
    assert second["TrainedModelMetrics"]["AverageF1Score"] > 0.8
    kinds = json.loads(wheels.text(f"{second['EvaluationManifestS3Prefix']}trained.json"))["entity_types"]
    assert set(kinds) == {"MACHINE", "ENGINEER"}
    model = wheels.recognizer(second["TrainedModelArn"])
    assert (model["Status"], model["FlywheelArn"]) == ("TRAINED", arn)
    assert model["RecognizerMetadata"]["NumberOfTestDocuments"] == 30

    text = "🔧 技師の佐藤健さんによると、白鷺は部品の交換が必要です。"
    before = wheels.entities(endpoint, text)
    comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=second["TrainedModelArn"])
    after = wheels.entities(endpoint, text)
    assert after == [("佐藤健", "ENGINEER"), ("白鷺", "MACHINE")] != before

    # A copy of it begins a flywheel of its own; a classifier's flywheel does not take it.
    copy = comprehend.import_model(SourceModelArn=second["TrainedModelArn"], ModelName="copied")["ModelArn"]
    assert wheels.trained(copy)["Status"] == "TRAINED"
    begun = wheels.flywheel("copied", active=copy)
    assert wheels.wheel(begun)["TaskConfig"] == TASK
    with pytest.raises(ClientError, match="another task"):
        comprehend.update_flywheel(FlywheelArn=wheels.flywheel("classes"), ActiveModelArn=copy)


def test_bad_data_name_file_and_line(wheels):
    arn = wheels.recognizing("bad")
    marked = japanese(10)
    config = {
        "Documents": {"S3Uri": wheels.put("bad/documents.txt", lines(marked))},
        "Annotations": {
            "S3Uri": wheels.put("bad/annotations.csv", annotations(marked) + "documents.txt, 3, 0, 999, MACHINE\n")
        },
    }
    create = wheels.comprehend.create_dataset
    given = {"EntityRecognizerInputDataConfig": config}
    found = wheels.taken_in(create(FlywheelArn=arn, DatasetName="bad", InputDataConfig=given)["DatasetArn"])
    assert found["Status"] == "FAILED" and f"s3://{BUCKET}/bad/annotations.csv, line" in found["Message"]
    wheels.marked(arn, "few", marked)
    assert "too few have" in wheels.iterate(arn)["Message"] or "are needed" in wheels.iterate(arn)["Message"]


def test_what_the_door_refuses(wheels):
    def refused(code, words, call, **request):
        with pytest.raises(ClientError, match=words) as caught:
            call(**request)
        assert caught.value.response["Error"]["Code"] == code

    comprehend = wheels.comprehend
    common = {
        "FlywheelName": "refused",
        "DataAccessRoleArn": wheels.role,
        "DataLakeS3Uri": wheels.lake,
        "ModelType": "ENTITY_RECOGNIZER",
    }
    arabic = {**TASK, "LanguageCode": "ar"}
    refused(
        "UnsupportedLanguageException", "not measured in ar", comprehend.create_flywheel, TaskConfig=arabic, **common
    )
    twice = {"LanguageCode": "en", "EntityRecognitionConfig": {"EntityTypes": [{"Type": "A"}, {"Type": "A"}]}}
    refused("InvalidRequestException", "names A twice", comprehend.create_flywheel, TaskConfig=twice, **common)
    classes = {"LanguageCode": "en", "DocumentClassificationConfig": {"Mode": "MULTI_CLASS"}}
    refused(
        "InvalidRequestException", "EntityRecognitionConfig", comprehend.create_flywheel, TaskConfig=classes, **common
    )
    arn = wheels.recognizing("doors")
    place = {"S3Uri": f"s3://{BUCKET}/x"}
    for config, words in (
        ({"DocumentClassifierInputDataConfig": place}, "flywheels of classifiers"),
        ({}, "EntityRecognizerInputDataConfig is required"),
        ({"EntityRecognizerInputDataConfig": {"Documents": place}}, "either Annotations or EntityList"),
    ):
        request = {"FlywheelArn": arn, "DatasetName": "refused", "InputDataConfig": config}
        refused("InvalidRequestException", words, comprehend.create_dataset, **request)
