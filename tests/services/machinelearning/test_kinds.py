"""Models that tell classes and numbers apart, and what is waited for."""

import gzip
import json

import pytest
from tests.services.machinelearning.banking import BUCKET, Banking

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bank(server):
    return Banking(server)


def schema(target, **kinds):
    attributes = [{"attributeName": name, "attributeType": kind} for name, kind in kinds.items()]
    return {"version": "1.0", "targetAttributeName": target, "dataFormat": "CSV", "attributes": attributes}


ICE = schema("sold", temperature="NUMERIC", humidity="NUMERIC", sold="NUMERIC")
FRUIT = schema("fruit", colour="CATEGORICAL", grams="NUMERIC", fruit="CATEGORICAL")


def test_sales_by_temperature_and_humidity(bank):
    rows = [(t, h, 20 * t - 2 * h + 100) for t in range(40) for h in range(20, 100, 4)]
    uri = bank.put("ice.csv", "".join(f"{t},{h},{s}\n" for t, h, s in rows))
    split = {"percentBegin": 0, "percentEnd": 70, "strategy": "random", "randomSeed": uri}
    bank.source("ice", uri, ICE, **split)
    bank.source("ice-rest", uri, ICE, **split, complement="true")
    bank.model("ice", "ice", "REGRESSION", {"outputs": ["normalize(ALL_NUMERIC)"]}, maxPasses="100")
    bank.ml.create_evaluation(EvaluationId="ice", MLModelId="ice", EvaluationDataSourceId="ice-rest")
    found = bank.ended("evaluation", "ice")
    assert 0 < float(found["PerformanceMetrics"]["Properties"]["RegressionRMSE"]) < 10
    baseline = float(found["Message"].split("has ")[1].rstrip("."))
    assert 200 < baseline < 300, "always saying the mean is off by the spread of the sales"
    bank.ml.create_realtime_endpoint(MLModelId="ice")
    said = [
        bank.ml.predict(MLModelId="ice", Record=record, PredictEndpoint=bank.ml.meta.endpoint_url)["Prediction"]
        for record in ({"temperature": "30", "humidity": "50"}, {"temperature": "10", "humidity": "50"})
    ]
    assert [each["predictedValue"] for each in said] == pytest.approx([600, 200], abs=15)
    assert "predictedLabel" not in said[0]
    bank.ml.create_batch_prediction(
        BatchPredictionId="ice", MLModelId="ice", BatchPredictionDataSourceId="ice-rest", OutputUri=f"s3://{BUCKET}/o/"
    )
    assert bank.ended("batch_prediction", "ice")["InvalidRecordCount"] == 0
    lines = gzip.decompress(bank.get("o/batch-prediction/result/ice-ice.csv.gz")).decode().splitlines()
    assert lines[0] == "trueLabel,score"
    assert all(abs(float(line.split(",")[0]) - float(line.split(",")[1])) < 60 for line in lines[1:])
    sizes = [bank.ml.get_data_source(DataSourceId=name)["DataSizeInBytes"] for name in ("ice", "ice-rest")]
    assert sizes[0] == sizes[1] > 0 and len(lines) - 1 < 0.4 * len(rows)


def test_fruits_by_colour_and_weight(bank):
    rows = [("yellow", 120 + n % 20, "banana") for n in range(150)]
    rows += [("yellow", 60 + n % 20, "lemon") for n in range(150)]
    rows += [("red", 150 + n % 30, "apple, red") for n in range(150)]
    quoted = "".join(f'{colour},{grams},"{fruit}"\n' for colour, grams, fruit in rows)
    bank.source("fruit", bank.put("fruit.csv", quoted), FRUIT)
    bank.model("fruit", "fruit", "MULTICLASS", maxPasses="30")
    bank.ml.create_evaluation(EvaluationId="fruit", MLModelId="fruit", EvaluationDataSourceId="fruit")
    found = bank.ended("evaluation", "fruit")
    assert float(found["PerformanceMetrics"]["Properties"]["MulticlassAvgFScore"]) > 0.95
    bank.ml.create_realtime_endpoint(MLModelId="fruit")

    def predict(**record):
        answer = bank.ml.predict(MLModelId="fruit", Record=record, PredictEndpoint=bank.ml.meta.endpoint_url)
        return answer["Prediction"]

    lemon, apple = predict(colour="yellow", grams="65"), predict(colour="red", grams="160")
    assert (lemon["predictedLabel"], apple["predictedLabel"]) == ("lemon", "apple, red")
    assert sum(lemon["predictedScores"].values()) == pytest.approx(1, abs=1e-4)
    assert lemon["details"]["PredictiveModelType"] == "MULTICLASS"
    # What is to be predicted need not have the target.
    plain = schema(None, colour="CATEGORICAL", grams="NUMERIC")
    bank.source("unknown", bank.put("unknown.csv", "yellow,66\nred,170\n"), plain)
    bank.ml.create_batch_prediction(
        BatchPredictionId="f", MLModelId="fruit", BatchPredictionDataSourceId="unknown", OutputUri=f"s3://{BUCKET}/f"
    )
    assert bank.ended("batch_prediction", "f")["Status"] == "COMPLETED"
    header, *lines = gzip.decompress(bank.get("f/batch-prediction/result/f-unknown.csv.gz")).decode().splitlines()
    assert header == '"apple, red",banana,lemon'
    scores = [list(map(float, line.split(","))) for line in lines]
    assert [row.index(max(row)) for row in scores] == [2, 0]


def test_what_needs_a_failed_thing_fails_with_its_name(bank):
    """The model waits for its data, and the evaluation for the model."""
    bank.source("rotten", bank.put("rotten.csv", "1,2\n1,2,3,4\n1\n"), ICE)
    bank.model("rotten", "rotten", "REGRESSION")
    bank.ml.create_evaluation(EvaluationId="rotten", MLModelId="rotten", EvaluationDataSourceId="rotten")
    data, model, evaluation = (bank.ended(kind, "rotten") for kind in ("data_source", "ml_model", "evaluation"))
    assert [each["Status"] for each in (data, model, evaluation)] == ["FAILED"] * 3
    assert "line 2: it has 4 value(s), the schema 3 attribute(s)" in data["Message"]
    assert model["Message"] == "The DataSource rotten is FAILED." and "StartedAt" not in model
    assert evaluation["Message"] == "The MLModel rotten is FAILED."


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("one-class", "1,1,5\n" * 30, ""),
        ("no-file", None, "no object under"),
        ("sjis", ("1,1,5\n" * 3).encode() + "値,1,2\n".encode("shift_jis") * 9, "shift_jis"),
        ("wide", "1,1,5\n".encode("utf-16"), "UTF-16"),
        ("empty", "", "no observations"),
    ],
)
def test_data_that_cannot_be_used_say_why(bank, name, text, words):
    uri = f"s3://{BUCKET}/{name}.csv" if text is None else bank.put(f"{name}.csv", text)
    bank.source(name, uri, ICE)
    found = bank.ended("data_source", name)
    if words:
        assert found["Status"] == "FAILED" and words in found["Message"]
    else:
        assert found["Status"] == "COMPLETED"
        binary = schema("b", a="NUMERIC", c="NUMERIC", b="BINARY")
        bank.source("ones", bank.put("ones.csv", "1,1,1\n" * 30), binary)
        bank.model("ones", "ones")
        assert "only the class '1'" in bank.ended("ml_model", "ones")["Message"]


def test_a_schema_and_a_recipe_may_lie_in_s3(bank):
    data = bank.put("there/data.csv", "".join(f"{n},{n % 9},{3 * n}\n" for n in range(200)))
    where = bank.put("there/data.csv.schema", json.dumps(ICE))
    recipe = bank.put("there/my.recipe", json.dumps({"outputs": ["quantile_bin(temperature, 7)"]}))
    spec = {"DataLocationS3": data, "DataSchemaLocationS3": where}
    bank.ml.create_data_source_from_s3(DataSourceId="there", DataSpec=spec, ComputeStatistics=True)
    bank.ml.create_ml_model(MLModelId="there", MLModelType="REGRESSION", TrainingDataSourceId="there", RecipeUri=recipe)
    assert bank.ended("ml_model", "there")["Status"] == "COMPLETED"
    assert "quantile_bin(temperature, 7)" in bank.ml.get_ml_model(MLModelId="there", Verbose=True)["Recipe"]
