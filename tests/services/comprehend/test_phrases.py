import pytest

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


@pytest.mark.parametrize(
    ("text", "language", "phrases"),
    [
        ("It was a beautiful day at the old harbour.", "en", ["a beautiful day", "the old harbour"]),
        ("👩‍👩‍👧 My sister bought fresh bread in Kyoto.", "en", ["My sister", "fresh bread", "Kyoto"]),
        ("😀赤い自転車が京都の寺の前にある。", "ja", ["赤い自転車", "京都", "寺"]),
        ("静かな図書館でパソコンを使う。", "ja", ["静かな図書館", "パソコン"]),
    ],
)
def test_the_phrases_follow_the_text(comprehend, text, language, phrases):
    answer = comprehend.detect_key_phrases(Text=text, LanguageCode=language)
    found = answer["KeyPhrases"]
    assert [phrase["Text"] for phrase in found] == phrases
    assert all(text[phrase["BeginOffset"] : phrase["EndOffset"]] == phrase["Text"] for phrase in found)
    assert all(0 < phrase["Score"] <= 1 for phrase in found)
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("noun-phrases")


def test_a_batch_answers_each_text_as_alone(comprehend):
    texts = ["The cat chased a mouse.", "x" * 100_001, "Our teacher read the long letter."]
    batch = comprehend.batch_detect_key_phrases(TextList=texts, LanguageCode="en")
    assert [(error["Index"], error["ErrorCode"]) for error in batch["ErrorList"]] == [(1, "TEXT_SIZE_LIMIT_EXCEEDED")]
    assert len(batch["ResultList"]) == 2
    for item in batch["ResultList"]:
        alone = comprehend.detect_key_phrases(Text=texts[item["Index"]], LanguageCode="en")
        assert alone["KeyPhrases"] == item["KeyPhrases"]


@pytest.mark.parametrize("language", ["hi", "ar"])
def test_a_language_without_an_engine_is_refused_naming_what_to_plug_in(comprehend, language):
    with pytest.raises(comprehend.exceptions.UnsupportedLanguageException, match="plug in"):
        comprehend.detect_key_phrases(Text="नमस्ते दुनिया", LanguageCode=language)
    with pytest.raises(comprehend.exceptions.UnsupportedLanguageException, match="plug in"):
        comprehend.batch_detect_key_phrases(TextList=["नमस्ते दुनिया"], LanguageCode=language)
