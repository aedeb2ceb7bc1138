"""What each kind of analysis job answers, held against what the real-time operations answer."""

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.analysed import FILES, LINES, Jobs, close
from tests.services.comprehend.custom import BUCKET, Custom

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def custom(server):
    return Custom(server)


def held_against(jobs, documents, detect):
    """The answers of a job, by line and by file, each equal to that of the real-time operation."""
    custom, name = jobs.custom, jobs.kind
    for number, text in enumerate(documents):
        custom.put(f"{name}/files/{number}.txt", text)
    by_line = jobs.answered(custom.put(f"{name}/lines.txt", "\n".join(documents)), LINES)
    by_file = jobs.answered(f"s3://{BUCKET}/{name}/files/", FILES)
    assert [(each.pop("File"), each.pop("Line")) for each in by_line] == [
        ("lines.txt", number) for number in range(len(documents))
    ]
    assert [each.pop("File") for each in by_file] == [f"{number}.txt" for number in range(len(documents))]
    assert close(by_line, by_file)
    for text, answer in zip(documents, by_line, strict=True):
        alone = detect(Text=text, LanguageCode=jobs.request["LanguageCode"])
        del alone["ResponseMetadata"]
        assert close(answer, alone)
    return by_line


def test_moods(custom):
    jobs = Jobs(custom, "SentimentDetection", LanguageCode="en")
    documents = [
        "I love this camera, the pictures are gorgeous.",
        "The worst purchase of my life: it broke after a week.",
        "The meeting starts at ten o'clock in room four.",
    ]
    answers = held_against(jobs, documents, custom.comprehend.detect_sentiment)
    assert [each["Sentiment"] for each in answers] == ["POSITIVE", "NEGATIVE", "NEUTRAL"]
    long = jobs.answered(custom.put("moods/long.txt", "a" * 5121 + "\nGreat, I love it!"))
    assert long[0] == {
        "File": "long.txt",
        "Line": 0,
        "ErrorCode": "DOCUMENT_SIZE_EXCEEDED",
        "ErrorMessage": "Document size exceeds maximum size limit 5120 bytes.",
    }
    assert long[1]["Sentiment"] == "POSITIVE"


def test_entities(custom):
    jobs = Jobs(custom, "EntitiesDetection", LanguageCode="ja")
    documents = ["😀山田太郎は東京に住んでいる。", "トヨタ自動車は愛知県に本社を置く。"]
    answers = held_against(jobs, documents, custom.comprehend.detect_entities)
    found = [{each["Text"]: each["Type"] for each in answer["Entities"]} for answer in answers]
    assert found[0]["山田太郎"] == "PERSON" and found[0]["東京"] == "LOCATION"
    assert found[1]["トヨタ自動車"] == "ORGANIZATION"


def test_a_recognizer_that_is_not_there(custom):
    jobs = Jobs(custom, "EntitiesDetection", LanguageCode="en")
    arn = "arn:aws:comprehend:us-east-1:000000000000:entity-recognizer/nobody-made"
    with pytest.raises(ClientError) as refused:
        jobs.start(custom.put("none/in.txt", "text"), EntityRecognizerArn=arn)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_targeted_sentiment(custom):
    jobs = Jobs(custom, "TargetedSentimentDetection", LanguageCode="en")
    documents = ["The soup was delicious but the waiter was rude.", "The soup was disgusting. It was cold."]
    answers = held_against(jobs, documents, custom.comprehend.detect_targeted_sentiment)
    found = [[[each["Text"] for each in entity["Mentions"]] for entity in answer["Entities"]] for answer in answers]
    assert found == [[["soup"], ["waiter"]], [["soup", "It"]]]
    soups = [answer["Entities"][0]["Mentions"][0]["MentionSentiment"]["Sentiment"] for answer in answers]
    assert soups == ["POSITIVE", "NEGATIVE"]


def test_key_phrases(custom):
    jobs = Jobs(custom, "KeyPhrasesDetection", LanguageCode="en")
    documents = ["It was a beautiful day at the old harbour.", "👩‍👩‍👧 My sister bought fresh bread in Kyoto."]
    answers = held_against(jobs, documents, custom.comprehend.detect_key_phrases)
    assert [[each["Text"] for each in answer["KeyPhrases"]] for answer in answers] == [
        ["a beautiful day", "the old harbour"],
        ["My sister", "fresh bread", "Kyoto"],
    ]
