"""kill -9 in the middle of a recognizer's training: the next start takes it up, and nothing else is lost."""

import time

import pytest
from tests.services.comprehend.recognizing import Recognizing, english
from tests.services.comprehend.test_killed_training import Killable

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@pytest.fixture
def server(tmp_path):
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def test_a_training_is_taken_up_after_the_server_was_killed(server):
    custom = Recognizing(server)
    done = custom.train("done", custom.config("done", english()))
    before = custom.trained(done)
    assert before["Status"] == "TRAINED", before
    many = [(f"{text} Case {number}.", marks) for number in range(10) for text, marks in english()]
    arn = custom.train("killed", custom.config("many", many))
    ends = time.monotonic() + 60
    while "documents encoded" not in custom.recognizer(arn).get("Message", ""):
        assert time.monotonic() < ends and custom.recognizer(arn)["Status"] in ("SUBMITTED", "TRAINING")
        time.sleep(0.05)
    server.kill()
    server.start()

    after = custom.trained(arn, 180)
    assert after["Status"] == "TRAINED", after
    metadata = after["RecognizerMetadata"]
    assert metadata["NumberOfTrainedDocuments"] + metadata["NumberOfTestDocuments"] == len(many)
    assert custom.recognizer(done) == before
    endpoint = custom.endpoint("after", arn)
    text = "Ask Nora Winkler whether the Kestrel-5 can be repaired."
    assert custom.entities(endpoint, text) == [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")]
