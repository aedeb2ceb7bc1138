import pytest

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


def test_each_word_has_its_part_of_speech(comprehend):
    text = "Don't walk; the walk is 3 km 😀."
    answer = comprehend.detect_syntax(Text=text, LanguageCode="en")
    tokens = answer["SyntaxTokens"]
    assert [token["TokenId"] for token in tokens] == list(range(1, len(tokens) + 1))
    assert all(text[token["BeginOffset"] : token["EndOffset"]] == token["Text"] for token in tokens)
    assert [(token["Text"], token["PartOfSpeech"]["Tag"]) for token in tokens] == [
        ("Do", "AUX"), ("n't", "PART"), ("walk", "VERB"), (";", "PUNCT"), ("the", "DET"), ("walk", "NOUN"),
        ("is", "AUX"), ("3", "NUM"), ("km", "NOUN"), ("😀", "SYM"), (".", "PUNCT"),
    ]  # fmt: skip
    assert all(0 < token["PartOfSpeech"]["Score"] <= 1 for token in tokens)
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("perceptron-sudachi")


def test_a_batch_answers_each_text_as_alone(comprehend):
    texts = ["Birds sing.", "x" * 5001, "She sang a song."]
    batch = comprehend.batch_detect_syntax(TextList=texts, LanguageCode="en")
    assert [(error["Index"], error["ErrorCode"]) for error in batch["ErrorList"]] == [(1, "TEXT_SIZE_LIMIT_EXCEEDED")]
    for item in batch["ResultList"]:
        alone = comprehend.detect_syntax(Text=texts[item["Index"]], LanguageCode="en")
        assert alone["SyntaxTokens"] == item["SyntaxTokens"]


def test_a_text_over_5_kb_is_refused(comprehend):
    with pytest.raises(comprehend.exceptions.TextSizeLimitExceededException, match="5001 bytes"):
        comprehend.detect_syntax(Text="a" * 5001, LanguageCode="en")


@pytest.mark.parametrize(
    ("text", "language", "tags"),
    [
        ("Die Katze schläft.", "de", ["DET", "NOUN", "VERB", "PUNCT"]),
        ("Nous mangeons du pain.", "fr", ["PRON", "VERB", "DET", "NOUN", "PUNCT"]),
        ("La niña canta.", "es", ["DET", "NOUN", "VERB", "PUNCT"]),
    ],
)
def test_other_languages(comprehend, text, language, tags):
    tokens = comprehend.detect_syntax(Text=text, LanguageCode=language)["SyntaxTokens"]
    assert [token["PartOfSpeech"]["Tag"] for token in tokens] == tags
