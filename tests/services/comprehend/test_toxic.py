import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

pytestmark = pytest.mark.weights

TYPES = ["PROFANITY", "HATE_SPEECH", "INSULT", "GRAPHIC", "HARASSMENT_OR_ABUSE", "SEXUAL", "VIOLENCE_OR_THREAT"]


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


def judged(comprehend, *texts):
    """Each text's overall score and its scores by type."""
    answer = comprehend.detect_toxic_content(TextSegments=[{"Text": text} for text in texts], LanguageCode="en")
    return [
        (result["Toxicity"], {label["Name"]: label["Score"] for label in result["Labels"]})
        for result in answer["ResultList"]
    ]


@pytest.mark.parametrize(
    ("text", "type_", "harmless"),
    [
        ("I will find you and hurt you.", "VIOLENCE_OR_THREAT", "I will find you a chair and help you."),
        ("You are a stupid, pathetic loser.", "INSULT", "You are a clever and charming host."),
        ("Damn, this is crap.", "PROFANITY", "Well, this is soup."),
        ("Blood gushed from the severed leg.", "GRAPHIC", "Water flowed from the open tap."),
        ("I want to see you naked in my bed.", "SEXUAL", "I want to see you healthy in my garden."),
        ("Immigrants are vermin.", "HATE_SPEECH", "Immigrants are neighbours."),
        ("You are worthless and nobody would miss you if you died.", "HARASSMENT_OR_ABUSE", "You were missed, get well soon."),
    ],
)  # fmt: skip
def test_each_type_follows_the_text(comprehend, text, type_, harmless):
    (_, of_text), (_, of_harmless) = judged(comprehend, text, harmless)
    assert of_text[type_] > 0.5 > of_harmless[type_]
    assert of_text[type_] > 2 * of_harmless[type_]


def test_the_overall_score_tells_abuse_from_everyday_talk(comprehend):
    abuse, talk = judged(
        comprehend, "Shut up, you stupid idiot, or I will hurt you.", "Good morning, it's a beautiful day."
    )
    assert abuse[0] > 0.9
    assert talk[0] < 0.1


def test_who_somebody_is_is_no_insult(comprehend):
    found = judged(
        comprehend, "I am gay.", "My Muslim neighbour brought us a cake.", "Our mayor is deaf and has two children."
    )
    assert all(overall < 0.5 and max(types.values()) < 0.5 for overall, types in found)


def test_every_type_has_a_score_in_awss_order(comprehend):
    answer = comprehend.detect_toxic_content(TextSegments=[{"Text": "Hello"}], LanguageCode="en")
    (result,) = answer["ResultList"]
    assert [label["Name"] for label in result["Labels"]] == TYPES
    assert all(0 < label["Score"] < 1 for label in result["Labels"])
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("e5-toxicity/")


def test_results_stand_in_the_order_of_the_segments(comprehend):
    texts = ["Tea is ready.", "You idiot!", "The bus is late.", "You pathetic idiot, go away!"]
    together = judged(comprehend, *texts)
    assert together == [judged(comprehend, text)[0] for text in texts]
    assert [overall > 0.5 for overall, _ in together] == [False, True, False, True]


def test_a_threat_in_a_friendly_page_is_found(comprehend):
    friendly = "Thank you for the lovely dinner. The garden looks wonderful in spring. My mother sends her love."
    (without, with_threat) = judged(comprehend, friendly, f"{friendly} Come here again and I will kill you.")
    assert with_threat[1]["VIOLENCE_OR_THREAT"] > 10 * without[1]["VIOLENCE_OR_THREAT"]


def test_a_disguised_word_counts(comprehend):
    plain, disguised = judged(comprehend, "What a load of ship.", "What a load of sh1t.")
    assert disguised[1]["PROFANITY"] > 0.5 > plain[1]["PROFANITY"]


def test_another_language_is_refused_and_english_is_named(comprehend):
    with pytest.raises(ClientError, match=r"supported: en\).*engines\.toxicity") as refused:
        comprehend.detect_toxic_content(TextSegments=[{"Text": "Guten Tag"}], LanguageCode="de")
    assert refused.value.response["Error"]["Code"] == "UnsupportedLanguageException"


def test_eleven_segments_are_refused(comprehend):
    judged(comprehend, *["Hello there."] * 10)
    with pytest.raises(ClientError, match="10 while in this request there are 11") as refused:
        judged(comprehend, *["Hello there."] * 11)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_segment_of_more_than_a_kilobyte_is_refused_with_its_size_in_bytes(comprehend):
    judged(comprehend, "é" * 500)
    with pytest.raises(ClientError, match="1002 bytes") as refused:
        judged(comprehend, "Hello", "é" * 501)
    assert refused.value.response["Error"]["Code"] == "TextSizeLimitExceededException"


@pytest.mark.parametrize("segments", [[], [{"Text": ""}], [{}]])
def test_nothing_to_judge_is_refused(server, segments):
    unchecked = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    with pytest.raises(ClientError) as refused:
        server.client("comprehend", config=unchecked).detect_toxic_content(TextSegments=segments, LanguageCode="en")
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_signs_that_are_no_words_are_judged_too(comprehend):
    for text in ("😀😀😀", "*** !!! ###", "今日は", "-'’!", "f*" * 400):
        ((overall, _),) = judged(comprehend, text)
        assert 0 < overall < 1
