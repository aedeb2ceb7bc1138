"""kill -9 in the middle of a training: the next start takes it up, and nothing else is lost."""

import time

import pytest
from tests.services.comprehend.test_killed_training import Killable
from tests.services.rekognition.customised import CustomLabels, drawing

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def test_a_training_is_taken_up_after_the_server_was_killed(server):
    custom = CustomLabels(server)
    project = custom.project("killed")
    dataset = custom.dataset(project, "TRAIN", custom.manifest("k.manifest", custom.drawn(["disc", "cross"], 12)))
    before = custom.written(dataset)
    arn = custom.train(project, "v1")
    ends = time.monotonic() + 120
    while "looked at" not in custom.version(arn)["StatusMessage"]:
        assert time.monotonic() < ends and custom.version(arn)["Status"] == "TRAINING_IN_PROGRESS"
        time.sleep(0.05)
    server.kill()
    server.start()

    after = custom.ended(arn, 120)
    assert after["Status"] == "TRAINING_COMPLETED", after
    assert custom.written(dataset) == before
    custom.rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    for shape in ("disc", "cross"):
        image = {"Bytes": drawing(shape, 900)[0]}
        found = custom.rekognition.detect_custom_labels(ProjectVersionArn=arn, Image=image)["CustomLabels"]
        assert found[0]["Name"] == shape
