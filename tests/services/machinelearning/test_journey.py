"""The developer guide's tutorial as a test: a bank asks which customers will respond."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.services.machinelearning.banking import Banking, as_csv, campaign


@pytest.fixture(scope="module")
def bank(server):
    return Banking(server)


@pytest.fixture(scope="module")
def model(bank):
    """Everything is created at once, as the guide's sample programs do: each waits for what it needs."""
    uri = bank.put("banking.csv", as_csv(campaign(3000)))
    bank.source("training", uri, percentBegin=0, percentEnd=70)
    bank.source("held-out", uri, percentBegin=70, percentEnd=100)
    bank.model("responds", "training")
    bank.ml.create_evaluation(EvaluationId="auc", MLModelId="responds", EvaluationDataSourceId="held-out")
    found = bank.ended("ml_model", "responds")
    assert found["Status"] == "COMPLETED", found.get("Message")
    return "responds"


def test_the_evaluation_tells_the_planted_relation_from_chance(bank, model):
    found = bank.ended("evaluation", "auc")
    assert found["Status"] == "COMPLETED", found["Message"]
    assert 0.7 < float(found["PerformanceMetrics"]["Properties"]["BinaryAUC"]) < 0.95
    assert "baseline" in found["Message"]
    assert found["StartedAt"] <= found["FinishedAt"] and found["ComputeTime"] > 0


def test_a_prediction_follows_the_record_and_the_threshold(bank, model):
    endpoint = bank.ml.create_realtime_endpoint(MLModelId=model)["RealtimeEndpointInfo"]
    assert endpoint["EndpointStatus"] == "READY"

    def predict(**record):
        answer = bank.ml.predict(MLModelId=model, Record=record, PredictEndpoint=endpoint["EndpointUrl"])
        assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("adagrad-linear/")
        return answer["Prediction"]

    eager = {"age": "70", "poutcome": "success", "euribor3m": "0.8", "jobId": "retired"}
    reluctant = {"age": "40", "poutcome": "nonexistent", "euribor3m": "4.5", "jobId": "admin."}
    yes, no = predict(**eager), predict(**reluctant)
    assert (yes["predictedLabel"], no["predictedLabel"]) == ("1", "0")
    assert yes["predictedScores"]["1"] > 0.75 and no["predictedScores"]["0"] < 0.25
    assert yes["details"] == {"Algorithm": "SGD", "PredictiveModelType": "BINARY"}
    bank.ml.update_ml_model(MLModelId=model, ScoreThreshold=no["predictedScores"]["0"] - 0.01)
    assert predict(**reluctant)["predictedLabel"] == "1"
    bank.ml.update_ml_model(MLModelId=model, ScoreThreshold=0.5)
    bank.ml.delete_realtime_endpoint(MLModelId=model)
    with pytest.raises(ClientError) as caught:
        predict(**eager)
    assert caught.value.response["Error"]["Code"] == "PredictorNotMountedException"


def test_the_suggested_recipe_is_told_with_verbose(bank, model):
    found = bank.ml.get_ml_model(MLModelId=model, Verbose=True)
    recipe = json.loads(found["Recipe"])
    assert any(output.startswith("quantile_bin(") for output in recipe["outputs"])
    assert "duration" not in found["Recipe"], "an excluded attribute is not learned from"
    assert json.loads(found["Schema"])["targetAttributeName"] == "willRespondToCampaign"
    assert "Recipe" not in bank.ml.get_ml_model(MLModelId=model)
