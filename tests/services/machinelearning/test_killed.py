"""kill -9 in the middle of training, evaluation and batch prediction: the next start takes each up."""

import gzip
import time

import pytest
from tests.services.comprehend.test_killed_training import Killable
from tests.services.machinelearning.banking import BUCKET, Banking, as_csv, campaign

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def in_the_middle(call, what, seconds=90):
    """Wait until a resource says that it is at that; its message then."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = call()
        if found["Status"] == "INPROGRESS" and what in found.get("Message", ""):
            return found["Message"]
        assert found["Status"] in ("PENDING", "INPROGRESS"), found
        time.sleep(0.02)
    raise AssertionError(f"never {what}: {found}")


def test_what_was_cut_off_is_taken_up(server):
    bank = Banking(server)
    rows = campaign(20_000)
    bank.source("data", bank.put("data.csv", as_csv(rows)))
    bank.ended("data_source", "data")
    bank.model("model", "data", maxPasses="400")
    message = in_the_middle(lambda: bank.ml.get_ml_model(MLModelId="model"), "passes")
    time.sleep(6)  # a checkpoint is kept every five seconds
    server.kill()
    server.start()
    model = bank.ended("ml_model", "model")
    assert model["Status"] == "COMPLETED", (message, model)

    many = bank.put("many.csv", as_csv(rows * 40))
    bank.source("many", many)
    bank.ended("data_source", "many")
    bank.ml.create_evaluation(EvaluationId="e", MLModelId="model", EvaluationDataSourceId="many")
    in_the_middle(lambda: bank.ml.get_evaluation(EvaluationId="e"), "measured")
    server.kill()
    server.start()
    found = bank.ended("evaluation", "e")
    assert 0.7 < float(found["PerformanceMetrics"]["Properties"]["BinaryAUC"]) < 0.95

    request = {"MLModelId": "model", "BatchPredictionDataSourceId": "many", "OutputUri": f"s3://{BUCKET}"}
    bank.ml.create_batch_prediction(BatchPredictionId="b", **request)
    in_the_middle(lambda: bank.ml.get_batch_prediction(BatchPredictionId="b"), "predicted")
    server.kill()
    server.start()
    assert "Contents" not in bank.s3.list_objects_v2(Bucket=BUCKET, Prefix="batch-prediction/"), "no half result"
    assert bank.ended("batch_prediction", "b")["TotalRecordCount"] == len(rows) * 40
    lines = gzip.decompress(bank.get("batch-prediction/result/b-many.csv.gz")).count(b"\n")
    assert lines == len(rows) * 40 + 1
