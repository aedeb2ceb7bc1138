"""What is made of what was heard: vocabularies, filters, redaction, subtitles, alternatives."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from honmono.services.transcribe.redaction import redacted
from honmono.services.transcribe.subtitles import srt, subtitles, vtt
from honmono.services.transcribe.toxic_speech import CATEGORIES, toxicity
from honmono.services.transcribe.transcript import Form, Item, Passage, results, text_of
from honmono.services.transcribe.vocabulary import Vocabulary, VocabularyInvalid, from_file, from_phrases
from honmono.services.transcribe.word_filter import FilterInvalid, checked, filtered, words_of


def items(text: str, confidence: float = 0.5, begin: float = 0.0) -> list[Item]:
    """Words of 0.4 s each half a second, and the marks , . ? 。 apart."""
    made: list[Item] = []
    for word in text.split():
        bare = word.rstrip(",.?。")
        alternative = {"confidence": f"{confidence:.3f}", "content": bare}
        times = {"start_time": f"{begin:.3f}", "end_time": f"{begin + 0.4:.3f}"}
        made.append({"type": "pronunciation", "alternatives": [alternative], **times})
        made += [
            {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": mark}]}
            for mark in word[len(bare) :]
        ]
        begin += 0.5
    return made


def applied(vocabulary: Vocabulary, text: str, confidence: float = 0.5) -> str:
    return text_of(vocabulary.applied(items(text, confidence)), "en")


def test_what_spells_a_phrase_is_shown_as_it_is_to_be():
    table = "Phrase\tSoundsLike\tIPA\tDisplayAs\nLos-Angeles\t\t\tL.A.\nC.L.I.\t\t\tCLI\nacme\t\t\tACME™\n"
    vocabulary = Vocabulary(from_file(table.encode()))
    assert applied(vocabulary, "the acme cli in los angeles, works", 1.0) == "the ACME™ CLI in L.A., works"
    assert applied(vocabulary, "the c l i of los, angeles", 1.0) == "the CLI of los, angeles"
    joined = vocabulary.applied(items("go to los angeles now", 1.0))
    assert [(item["alternatives"][0]["content"], item["start_time"], item["end_time"]) for item in joined[2:3]] == [
        ("L.A.", "1.000", "1.900")
    ]


def test_unsure_words_that_sound_like_a_phrase_become_it_and_sure_ones_stay():
    vocabulary = Vocabulary(from_file(b"Phrase\tSoundsLike\tIPA\tDisplayAs\nSiobhan\tshi-vawn\t\t\nKubernetes\t\t\t\n"))
    assert applied(vocabulary, "call shivan about cooper netties, please") == "call Siobhan about Kubernetes, please"
    assert applied(vocabulary, "call shivan about cooper netties", 0.95) == "call shivan about cooper netties"
    assert applied(vocabulary, "the weather was lovely and nobody complained") == (
        "the weather was lovely and nobody complained"
    )


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        (b"", "empty"),
        (b"Los Angeles\n", "Line 1.*space"),
        (b"good\nb@d\n", "Line 2.*'@'"),
        (b"Phrase\tSoundsLike\tIPA\nx\t\t\n", "Line 1: the head"),
        (b"Phrase\tSoundsLike\tIPA\tDisplayAs\nVX02\t\t\t\n", "Line 2.*numbers as words"),
        (b"Phrase\tSoundsLike\tIPA\tDisplayAs\nx\ty\tz\t\n", "Line 2.*not both"),
        (b"Phrase\tSoundsLike\tIPA\tDisplayAs\n\ty\t\t\n", "Line 2: the phrase is empty"),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * 300, "256 characters"),
        (b"x\n" * 30_000, "50 KB"),
    ],
)
def test_a_vocabulary_that_cannot_be_used_says_why(file, wrong):
    with pytest.raises(VocabularyInvalid, match=wrong):
        from_file(file)


def test_a_list_is_a_vocabulary_too():
    entries = from_file("\ufeffLos-Angeles\n\n東京\n".encode())
    assert [entry.shown for entry in entries] == ["Los Angeles", "東京"]
    assert [entry.shown for entry in from_phrases(["X-5000"])] == ["X 5000"]
    with pytest.raises(VocabularyInvalid, match="Line 2"):
        from_phrases(["good", "no good"])


def test_filters_mask_remove_and_tag_whatever_the_case():
    said = items("What the Heck, heckle")
    words = frozenset(["heck"])
    assert text_of(filtered(said, words, "mask"), "en") == "What the ***, heckle"
    assert text_of(filtered(said, words, "remove"), "en") == "What the, heckle"
    tagged = filtered(said, words, "tag")
    assert text_of(tagged, "en") == "What the Heck, heckle"
    assert [item.get("vocabularyFilterMatch") for item in tagged] == [None, None, True, None, None]
    assert words_of(b"one\r\n two \none\n") == ["one", "two"]
    for bad in ([], ["two words"], ["x" * 60_000]):
        with pytest.raises(FilterInvalid):
            checked(bad)


@dataclass
class Found:
    type: str
    begin: int
    end: int
    score: float = 0.99


def test_a_name_over_two_passages_is_taken_out_of_both_and_alternatives_go():
    first = Passage(items("my name is John"), alternatives=[items("my name is Jon")])
    second = Passage(items("Smith, and yours?", begin=9))

    def detect(text: str) -> list[Found]:
        begin = text.index("John Smith")
        return [Found("NAME", begin, begin + len("John Smith")), Found("DATE_TIME", 0, 2)]

    one, other = redacted([first, second], frozenset(["NAME"]), detect)
    assert (one.text, other.text) == ("my name is [PII]", "[PII], and yours?")
    assert one.alternatives == []
    assert other.items[0]["alternatives"][0]["redactions"] == [
        {"confidence": "0.9900", "type": "NAME", "category": "PII"}
    ]
    assert (other.items[0]["start_time"], other.items[0]["end_time"]) == ("9.000", "9.400")
    everything = redacted([first, second], None, detect)
    assert everything[0].text == "[PII] name is [PII]"


def test_channels_are_redacted_each_by_itself():
    passages = [Passage(items("I am John"), channel=0), Passage(items("Smith here", begin=0.2), channel=1)]
    read: list[str] = []
    redacted(passages, None, lambda text: read.append(text) or [])
    assert read == ["I am John", "Smith here"]


def test_subtitles_end_with_sentences_pauses_and_full_lines():
    long = "one two three four five six seven eight nine ten eleven twelve thirteen"
    said = items("Well, hello there. " + long)
    said[-1]["start_time"], said[-1]["end_time"] = "60.000", "60.500"
    shown = subtitles([Passage(said)])
    assert [each.lines for each in shown] == [
        ["Well, hello there."],
        ["one two three four five six seven eight", "nine ten eleven twelve"],
        ["thirteen"],
    ]
    assert all(len(line) <= 42 for each in shown for line in each.lines)
    assert vtt(shown[:1], 0) == "WEBVTT\n\n0\n00:00:00.000 --> 00:00:01.400\nWell, hello there.\n"
    assert srt(shown[2:], 1) == "1\n00:01:00,000 --> 00:01:00,500\nthirteen\n"
    assert vtt(subtitles([Passage(items("a<b&c"))]), 0).endswith("\na&lt;b&amp;c\n")
    assert (vtt([], 1), srt([], 1)) == ("WEBVTT\n", "")


def test_japanese_is_written_without_blanks_and_counted_in_two_columns():
    said = items(" ".join(["天気"] * 30) + "。")
    shown = subtitles([Passage(said, language="ja", code="ja-JP")])
    assert shown[0].lines == ["天気" * 10, "天気" * 4]
    assert all(len(line) <= 21 for each in shown for line in each.lines)


def test_channels_are_put_in_order_of_time():
    passages = [Passage(items("two", begin=5), channel=0), Passage(items("one."), channel=1)]
    written = results(passages, Form(channels=2))
    assert written["transcripts"] == [{"transcript": "one. two"}]
    assert [item["channel_label"] for item in written["items"]] == ["ch_1", "ch_1", "ch_0"]
    assert [part["items"] for part in written["audio_segments"]] == [[0, 1], [2]]


def test_toxicity_is_told_by_segment():
    @dataclass
    class Judged:
        overall: float
        types: dict[str, float]

    passages = [Passage(items("you fool.")), Passage([])]
    judged = toxicity(
        passages, lambda texts: [Judged(len(text) / 10, dict.fromkeys(CATEGORIES, 0.25)) for text in texts]
    )
    assert judged == [
        {
            "text": "you fool.",
            "toxicity": 0.9,
            "categories": {name.lower(): 0.25 for name in CATEGORIES},
            "start_time": 0.0,
            "end_time": 0.9,
        }
    ]
