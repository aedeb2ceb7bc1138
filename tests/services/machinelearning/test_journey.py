"""The developer guide's tutorial as a test: a bank asks which customers will respond."""

import gzip
import json
import re
import urllib.request

import pytest
from botocore.exceptions import ClientError
from tests.services.machinelearning.banking import BUCKET, HEADER, SCHEMA, Banking, as_csv, campaign

pytestmark = pytest.mark.slow


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


def test_a_batch_has_a_line_for_each_observation_and_a_manifest(bank, model):
    rows = campaign(200, seed=5)
    lines = as_csv(rows).splitlines()
    lines.insert(3, "broken,line")
    uri = bank.put("to-call/a.csv", "\n".join(lines))
    bank.put("to-call/b.csv", as_csv(rows[:1]))
    bank.put("to-call/banking.csv.schema", json.dumps(SCHEMA))
    bank.put("to-call-not/c.csv", as_csv(rows))
    bank.source("to-call", uri.removesuffix("/a.csv"))
    request = {"MLModelId": model, "BatchPredictionDataSourceId": "to-call", "OutputUri": f"s3://{BUCKET}/out"}
    bank.ml.create_batch_prediction(BatchPredictionId="calls", **request)
    found = bank.ended("batch_prediction", "calls")
    assert (found["Status"], found["TotalRecordCount"], found["InvalidRecordCount"]) == ("COMPLETED", 202, 1)
    manifest = json.loads(bank.get("out/batch-prediction/calls.manifest"))
    assert manifest == {
        f"s3://{BUCKET}/to-call/{name}.csv": f"s3://{BUCKET}/out/batch-prediction/result/calls-{name}.csv.gz"
        for name in "ab"
    }
    header, *answers = gzip.decompress(bank.get("out/batch-prediction/result/calls-a.csv.gz")).decode().splitlines()
    assert header == "tag,trueLabel,bestAnswer,score"
    assert len(answers) == 201 and answers[2] == "" and answers[3].startswith("c2,")
    read = [answer.split(",") for answer in answers if answer]
    assert [row[0] for row in read] == [row[0] for row in rows] and [int(row[1]) for row in read] == [
        row[-1] for row in rows
    ]
    assert all(re.fullmatch(r"\d(\.\d+)?E-?\d+", row[3]) and row[2] == str(int(float(row[3]) >= 0.5)) for row in read)
    scores = [float(row[3]) for row in read]
    bank.ml.create_realtime_endpoint(MLModelId=model)
    record = {name: str(value) for name, value in zip(HEADER, rows[0], strict=True)}
    one = bank.ml.predict(MLModelId=model, Record=record, PredictEndpoint=bank.ml.meta.endpoint_url)
    assert next(iter(one["Prediction"]["predictedScores"].values())) == pytest.approx(scores[0], rel=1e-5)


@pytest.mark.slow
def test_a_moved_threshold_changes_the_counts(bank, model):
    bank.source("customers", bank.put("customers.csv", as_csv(campaign(300, seed=6))))
    counts = {}
    for threshold in (0.1, 0.9):
        bank.ml.update_ml_model(MLModelId=model, ScoreThreshold=threshold, MLModelName=f"cut at {threshold}")
        name = f"at-{int(threshold * 10)}"
        request = {"MLModelId": model, "BatchPredictionDataSourceId": "customers", "OutputUri": f"s3://{BUCKET}"}
        bank.ml.create_batch_prediction(BatchPredictionId=name, **request)
        assert bank.ended("batch_prediction", name)["Status"] == "COMPLETED"
        lines = gzip.decompress(bank.get(f"batch-prediction/result/{name}-customers.csv.gz")).decode().splitlines()
        counts[threshold] = sum(line.split(",")[2] == "1" for line in lines[1:])
    assert counts[0.1] > 2 * counts[0.9] > 0
    found = bank.ml.get_ml_model(MLModelId=model)
    assert found["ScoreThreshold"] == pytest.approx(0.9) and found["Name"] == "cut at 0.9"
    bank.ml.update_ml_model(MLModelId=model, ScoreThreshold=0.5)


@pytest.mark.slow
def test_a_second_model_without_the_telling_variables_is_worse(bank, model):
    bank.model("blind", "training", recipe={"outputs": ["jobId"]})
    bank.ml.create_evaluation(EvaluationId="blind", MLModelId="blind", EvaluationDataSourceId="held-out")
    auc = [
        float(bank.ended("evaluation", name)["PerformanceMetrics"]["Properties"]["BinaryAUC"])
        for name in ("auc", "blind")
    ]
    assert auc[0] > auc[1] + 0.1 and abs(auc[1] - 0.5) < 0.1


def test_the_log_is_where_log_uri_leads(bank, model):
    with urllib.request.urlopen(bank.ml.get_ml_model(MLModelId=model)["LogUri"]) as answer:
        assert "learned from 2100 observation(s)" in answer.read().decode()
    bank.ended("data_source", "training")
    with urllib.request.urlopen(bank.ml.get_data_source(DataSourceId="training")["LogUri"]) as answer:
        assert "age (NUMERIC): 0 missing, 0 invalid; mean" in answer.read().decode()


@pytest.mark.slow
def test_what_is_deleted_is_told_so_and_serves_no_more(bank):
    bank.source("brief", bank.put("brief.csv", as_csv(campaign(200))))
    bank.model("brief", "brief", maxPasses="1")
    bank.ended("ml_model", "brief")
    bank.ml.create_realtime_endpoint(MLModelId="brief")
    assert bank.ml.delete_ml_model(MLModelId="brief")["MLModelId"] == "brief"
    assert bank.ml.get_ml_model(MLModelId="brief")["Status"] == "DELETED"
    for call, request in (
        (bank.ml.predict, {"MLModelId": "brief", "Record": {}, "PredictEndpoint": bank.ml.meta.endpoint_url}),
        (bank.ml.create_realtime_endpoint, {"MLModelId": "brief"}),
        (bank.ml.update_ml_model, {"MLModelId": "brief", "MLModelName": "again"}),
        (bank.ml.delete_ml_model, {"MLModelId": "brief"}),
    ):
        with pytest.raises(ClientError) as caught:
            call(**request)
        assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(ClientError, match="DELETED"):
        bank.ml.create_evaluation(EvaluationId="late", MLModelId="brief", EvaluationDataSourceId="brief")
    bank.ml.delete_data_source(DataSourceId="brief")
    with pytest.raises(ClientError, match="was deleted; an id is not used again"):
        bank.source("brief", f"s3://{BUCKET}/brief.csv")
    assert bank.ml.get_data_source(DataSourceId="brief")["Status"] == "DELETED"
