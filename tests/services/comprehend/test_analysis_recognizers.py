"""Jobs that find a customer's own types with a recognizer trained here."""

import pytest
from tests.services.comprehend.analysed import FILES, Jobs, close
from tests.services.comprehend.custom import BUCKET
from tests.services.comprehend.recognizing import Recognizing, english

pytestmark = pytest.mark.weights


def test_each_line_and_each_file_gets_what_the_endpoint_finds(server):
    custom = Recognizing(server)
    arn = custom.train("service", custom.config("service", english()))
    assert custom.trained(arn)["Status"] == "TRAINED"
    texts = ["Ask Nora Winkler whether the Kestrel-5 can be repaired.", "Nothing was delivered on Friday."]
    for number, text in enumerate(texts):
        custom.put(f"in/{number}.txt", text)
    jobs = Jobs(custom, "EntitiesDetection", LanguageCode="en", EntityRecognizerArn=arn)
    by_line = jobs.answered(custom.put("lines.txt", "\n".join(texts)))
    by_file = jobs.answered(f"s3://{BUCKET}/in/", FILES)
    assert [(each["File"], each["Line"]) for each in by_line] == [("lines.txt", 0), ("lines.txt", 1)]
    assert [each["File"] for each in by_file] == ["0.txt", "1.txt"]
    assert [[(each["Text"], each["Type"]) for each in answer["Entities"]] for answer in by_line] == [
        [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")],
        [],
    ]
    endpoint = custom.endpoint("service", arn)
    for text, line, file in zip(texts, by_line, by_file, strict=True):
        alone = custom.comprehend.detect_entities(Text=text, EndpointArn=endpoint)["Entities"]
        assert close(line["Entities"], alone) and close(file["Entities"], alone)
