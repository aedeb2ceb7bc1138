"""kill -9 in the middle of an iteration: the next start takes it up, and nothing else is lost."""

import time

import pytest
from tests.services.comprehend.custom import BILLING, DELIVERY, as_csv
from tests.services.comprehend.flywheel import Wheels
from tests.services.comprehend.test_killed_training import Killable

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


@pytest.mark.parametrize("at", ["TRAINING", "EVALUATING"])
def test_an_iteration_is_taken_up_after_the_server_was_killed(server, at):
    wheels = Wheels(server)
    arn = wheels.flywheel("killed")
    many = as_csv(
        BILLING=[f"{text}, case {number}" for text in BILLING for number in range(40)],
        DELIVERY=[f"{text}, case {number}" for text in DELIVERY for number in range(40)],
    )
    dataset = wheels.dataset(arn, "many", many)
    assert dataset["NumberOfDocuments"] == 960
    identifier = wheels.comprehend.start_flywheel_iteration(FlywheelArn=arn)["FlywheelIterationId"]
    ends = time.monotonic() + 120
    while not ((found := wheels.iteration(arn, identifier))["Status"] == at and "Message" in found):
        assert time.monotonic() < ends and found["Status"] in ("TRAINING", "EVALUATING"), found
        time.sleep(0.02)
    server.kill()
    server.start()

    after = wheels.waited(lambda: wheels.iteration(arn, identifier), "TRAINING", "EVALUATING", seconds=180)
    assert after["Status"] == "COMPLETED", after
    assert after["TrainedModelMetrics"]["AverageF1Score"] > 0.9
    assert [each.rpartition("/")[2] for each in wheels.keys(after["EvaluationManifestS3Prefix"])] == [
        "manifest.json",
        "trained.json",
    ]
    listed = wheels.comprehend.list_document_classifiers()["DocumentClassifierPropertiesList"]
    assert [(each["DocumentClassifierArn"], each["Status"]) for each in listed] == [
        (after["TrainedModelArn"], "TRAINED")
    ]
    kept = wheels.comprehend.describe_dataset(DatasetArn=dataset["DatasetArn"])["DatasetProperties"]
    assert kept == dataset
    wheels.comprehend.update_flywheel(FlywheelArn=arn, ActiveModelArn=after["TrainedModelArn"])
    endpoint = wheels.endpoint("after", after["TrainedModelArn"])
    answer = wheels.comprehend.classify_document(Text="my parcel was not delivered", EndpointArn=endpoint)
    assert answer["Classes"][0]["Name"] == "DELIVERY"
