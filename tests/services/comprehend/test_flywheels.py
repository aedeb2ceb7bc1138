import json
import re

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, as_csv, 請求, 配送
from tests.services.comprehend.flywheel import Wheels

pytestmark = pytest.mark.weights

TEST_SET = as_csv(
    BILLING=[
        "You took the subscription fee twice from my card",
        "The invoice of this month is wrong",
        "Refund my payment, please",
        "Which charge is that on my bill?",
    ],
    DELIVERY=[
        "The courier never came with my parcel",
        "The box arrived broken",
        "My shipment is late again",
        "Somebody else got my package",
    ],
)


@pytest.fixture(scope="module")
def wheels(server):
    return Wheels(server)


def refused(call, code, words, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


@pytest.fixture(scope="module")
def support(wheels):
    """A flywheel of two iterations: the first learned from labels that are half wrong, the second from good ones too."""
    arn = wheels.flywheel("support")
    half = len(BILLING) // 2
    muddled = as_csv(BILLING=BILLING[:half] + DELIVERY[:half], DELIVERY=DELIVERY[half:] + BILLING[half:])
    assert wheels.dataset(arn, "muddled", muddled)["Status"] == "COMPLETED"
    assert wheels.dataset(arn, "test", TEST_SET, "TEST")["Status"] == "COMPLETED"
    first = wheels.iterate(arn)
    assert first["Status"] == "COMPLETED", first
    wheels.comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=first["TrainedModelArn"])
    good = as_csv(
        BILLING=[each for text in BILLING for each in (text, f"{text} again", f"Help: {text}")],
        DELIVERY=[each for text in DELIVERY for each in (text, f"{text} again", f"Help: {text}")],
    )
    assert wheels.dataset(arn, "good", good)["Status"] == "COMPLETED"
    return arn, first, wheels.iterate(arn)


def test_a_second_dataset_makes_the_second_iteration_better(wheels, support):
    _, first, second = support
    assert second["Status"] == "COMPLETED", second
    assert "EvaluatedModelMetrics" not in first
    assert second["EvaluatedModelArn"] == first["TrainedModelArn"]
    # The active version is measured again on the same test documents: the same figures.
    assert second["EvaluatedModelMetrics"] == pytest.approx(first["TrainedModelMetrics"])
    for name in ("AverageF1Score", "AveragePrecision", "AverageRecall", "AverageAccuracy"):
        assert second["TrainedModelMetrics"][name] > second["EvaluatedModelMetrics"][name]
    assert second["TrainedModelMetrics"]["AverageF1Score"] >= 0.85
    assert second["Message"].startswith("FULL_ITERATION: Flywheel iteration performed all functions successfully.")
    assert "trained version has the better F1" in second["Message"]
    assert second["EndTime"] > second["CreationTime"]


def test_the_evaluation_lies_in_the_data_lake(wheels, support):
    arn, first, second = support
    lake = wheels.wheel(arn)["DataLakeS3Uri"]
    assert re.fullmatch(rf"s3://{BUCKET}/lakes/support/schemaVersion=1/\d{{8}}T\d{{6}}Z/", lake)
    prefix = second["EvaluationManifestS3Prefix"]
    assert prefix == f"{lake}evaluation/{second['FlywheelIterationId']}/"
    assert wheels.keys(prefix) == [f"{prefix}{name}.json" for name in ("evaluated", "manifest", "trained")]
    manifest = json.loads(wheels.text(f"{prefix}manifest.json"))
    assert manifest["better"] == "TRAINED"
    assert manifest["evaluatedModelArn"] == first["TrainedModelArn"]
    assert (manifest["training"]["documents"], manifest["test"]["documents"]) == (24 + 72, 8)
    assert [uri.split("/datasets/")[1].split("/")[0] for uri in manifest["training"]["datasets"]] == ["muddled", "good"]
    trained = json.loads(wheels.text(f"{prefix}trained.json"))
    assert trained["metrics"] == second["TrainedModelMetrics"]
    matrix = trained["confusion_matrix"]
    assert (matrix[0][0] + matrix[1][1]) / 8 == pytest.approx(second["TrainedModelMetrics"]["AverageAccuracy"])
    version = second["TrainedModelArn"].rpartition("/")[2]
    folder = f"{lake}Model Datasets/{version}/"
    assert [uri.removeprefix(folder) for uri in wheels.keys(folder)] == [
        "ModelStats/evaluation.json",
        "Test/documents.jsonl",
        "Training/documents.jsonl",
    ]
    assert len(wheels.lines(f"{folder}Training/documents.jsonl")) == 24 + 72


def test_the_version_is_a_classifier_like_others(wheels, support):
    arn, first, second = support
    model = wheels.describe(second["TrainedModelArn"])
    assert re.search(
        r":document-classifier/support/version/Comprehend-Generated-v1-[0-9a-f]{8}$", model["DocumentClassifierArn"]
    )
    assert (model["Status"], model["FlywheelArn"], model["Mode"]) == ("TRAINED", arn, "MULTI_CLASS")
    metadata = model["ClassifierMetadata"]
    assert (metadata["NumberOfTrainedDocuments"], metadata["NumberOfTestDocuments"]) == (96, 8)
    assert metadata["EvaluationMetrics"]["F1Score"] == second["TrainedModelMetrics"]["AverageF1Score"]
    listed = wheels.comprehend.list_document_classifiers(Filter={"DocumentClassifierName": "support"})
    assert [each["DocumentClassifierArn"] for each in listed["DocumentClassifierPropertiesList"]] == [
        second["TrainedModelArn"],
        first["TrainedModelArn"],
    ]


def test_an_endpoint_on_a_flywheel_follows_its_active_model(wheels, support):
    arn, first, second = support
    comprehend, (old, new) = wheels.comprehend, (first["TrainedModelArn"], second["TrainedModelArn"])
    comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=old)
    made = comprehend.create_endpoint(EndpointName="wheel", FlywheelArn=arn, DesiredInferenceUnits=1)
    endpoint = made["EndpointArn"]
    assert made["ModelArn"] == old
    text = "Refund the charge on my invoice, you billed me twice"

    def scores():
        answer = comprehend.classify_document(Text=text, EndpointArn=endpoint)["Classes"]
        return {each["Name"]: each["Score"] for each in answer}

    before = scores()
    answer = comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=new)
    assert answer["FlywheelProperties"]["ActiveModelArn"] == new
    after = scores()
    assert after["BILLING"] > before["BILLING"] and after["BILLING"] > 0.5
    found = comprehend.describe_endpoint(EndpointArn=endpoint)["EndpointProperties"]
    assert (found["ModelArn"], found["FlywheelArn"]) == (new, arn)
    on_new = comprehend.list_endpoints(Filter={"ModelArn": new})["EndpointPropertiesList"]
    assert [each["EndpointArn"] for each in on_new] == [endpoint]

    refused(comprehend.delete_flywheel, "ResourceInUseException", "serves .*endpoint/wheel", FlywheelArn=arn)
    delete = comprehend.delete_document_classifier
    refused(delete, "ResourceInUseException", "serves", DocumentClassifierArn=new)
    refused(
        comprehend.create_endpoint,
        "InvalidRequestException",
        "not the active model",
        EndpointName="wrong",
        FlywheelArn=arn,
        ModelArn=old,
        DesiredInferenceUnits=1,
    )
    # With a model alone it leaves the flywheel, with the flywheel alone it comes back.
    comprehend.update_endpoint(EndpointArn=endpoint, DesiredModelArn=old)
    assert "FlywheelArn" not in comprehend.describe_endpoint(EndpointArn=endpoint)["EndpointProperties"]
    assert scores() == before
    assert comprehend.update_endpoint(EndpointArn=endpoint, FlywheelArn=arn)["DesiredModelArn"] == new
    assert scores() == after
    comprehend.delete_endpoint(EndpointArn=endpoint)
    refused(delete, "ResourceInUseException", "active model of .*flywheel/support", DocumentClassifierArn=new)


def test_a_flywheel_begins_with_a_trained_model_and_its_data(wheels):
    model = wheels.create("begun", wheels.put("begun.csv", as_csv(請求=請求, 配送=配送)), language="ja")
    wheels.ended(model)
    arn = wheels.flywheel("begun", active=model, Tags=[{"Key": "k", "Value": "v"}])
    found = wheels.wheel(arn)
    assert (found["ActiveModelArn"], found["ModelType"]) == (model, "DOCUMENT_CLASSIFIER")
    assert found["TaskConfig"] == {
        "LanguageCode": "ja",
        "DocumentClassificationConfig": {"Mode": "MULTI_CLASS", "Labels": ["請求", "配送"]},
    }
    assert wheels.comprehend.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    (copied,) = wheels.keys(found["DataLakeS3Uri"])
    assert copied.endswith("/Model Datasets/begun/Training/documents.jsonl")
    assert {each["text"]: each["labels"] for each in wheels.lines(copied)} == {
        **{text: ["請求"] for text in 請求},
        **{text: ["配送"] for text in 配送},
    }
    # No test data anywhere: the text decides what is put aside, for both versions alike. A new label may come.
    解約 = [f"{text}ので解約したいです" for text in ("使わない", "高い", "遅い", "引っ越す", "飽きた", "合わない")]
    解約 += [
        f"{text}、退会の手続きを教えてください" for text in ("来月", "今日", "無料期間中に", "家族の分も", "すぐに")
    ]
    assert wheels.dataset(arn, "cancel", as_csv(解約=解約))["NumberOfDocuments"] == len(解約)
    iteration = wheels.iterate(arn)
    assert iteration["Status"] == "COMPLETED", iteration
    assert iteration["EvaluatedModelArn"] == model
    assert "put aside" in iteration["Message"]
    trained, evaluated = (iteration[f"{each}ModelMetrics"] for each in ("Trained", "Evaluated"))
    # The active model knows no 解約: it misses them all.
    assert evaluated["AverageRecall"] <= 2 / 3 + 1e-9 < trained["AverageRecall"]
    comprehend = wheels.comprehend
    comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=iteration["TrainedModelArn"])
    endpoint = comprehend.create_endpoint(EndpointName="begun", FlywheelArn=arn, DesiredInferenceUnits=1)
    classify = comprehend.classify_document
    best = [
        classify(Text=text, EndpointArn=endpoint["EndpointArn"])["Classes"][0]["Name"]
        for text in ("もう要らないので解約したいです", "返金はまだですか、請求が二重です", "荷物が届きません")
    ]
    assert best == ["解約", "請求", "配送"]


def test_what_was_put_aside_once_is_never_learned_from(wheels):
    arn = wheels.flywheel("aside")
    wheels.dataset(arn, "one", as_csv(BILLING=BILLING, DELIVERY=DELIVERY))
    first = wheels.iterate(arn)
    wheels.dataset(arn, "two", as_csv(BILLING=[f"Hello, {each}" for each in BILLING], DELIVERY=DELIVERY[:10]))
    second = wheels.iterate(arn)

    def texts(iteration, part):
        version = iteration["TrainedModelArn"].rpartition("/")[2]
        uri = f"{wheels.wheel(arn)['DataLakeS3Uri']}Model Datasets/{version}/{part}/documents.jsonl"
        return {each["text"] for each in wheels.lines(uri)}

    assert texts(first, "Training") and texts(first, "Test")
    assert texts(first, "Training") | texts(first, "Test") == set(BILLING + DELIVERY)
    # What the first version learned from is not what the second is compared on with it.
    assert not texts(second, "Test") & texts(first, "Training")
    assert not texts(second, "Test") & texts(second, "Training")


def test_documents_may_have_several_labels(wheels):
    task = {
        "LanguageCode": "en",
        "DocumentClassificationConfig": {"Mode": "MULTI_LABEL", "Labels": ["money", "parcel"]},
    }
    arn = wheels.flywheel("several", task=task)
    assert wheels.wheel(arn)["TaskConfig"] == task
    both = [f"{one} and {other.lower()}" for one, other in zip(BILLING, DELIVERY, strict=True)]
    rows = as_csv(**{"money": BILLING, "parcel": DELIVERY, "money#parcel": both})
    assert wheels.dataset(arn, "all", rows, LabelDelimiter="#")["NumberOfDocuments"] == 36
    wheels.dataset(arn, "test", as_csv(**{"money#parcel": both[:3], "money": BILLING[:3]}), "TEST", LabelDelimiter="#")
    iteration = wheels.iterate(arn)
    assert iteration["Status"] == "COMPLETED", iteration
    assert iteration["TrainedModelMetrics"]["AverageF1Score"] > 0.9
    comprehend = wheels.comprehend
    comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=iteration["TrainedModelArn"])
    endpoint = comprehend.create_endpoint(EndpointName="several", FlywheelArn=arn, DesiredInferenceUnits=1)

    def labels(text):
        answer = comprehend.classify_document(Text=text, EndpointArn=endpoint["EndpointArn"])["Labels"]
        return {each["Name"] for each in answer if each["Score"] >= 0.5}

    assert labels(both[5]) == {"money", "parcel"}
    assert labels("Where is my parcel?") == {"parcel"}
