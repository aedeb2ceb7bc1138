"""SSML as Polly takes it, and refuses it."""

from __future__ import annotations

import time

import pytest

from honmono.engines.speech.reading import ReadingError, read_ssml
from honmono.engines.speech.utterance import Mark, Part, Pause, Word


def parts(body: str, language: str = "en-US", neural: bool = True) -> list[Part]:
    return [part for sentence in read_ssml(f"<speak>{body}</speak>", language, (), neural) for part in sentence.parts]


def words(body: str, language: str = "en-US", neural: bool = True) -> list[Word]:
    return [part for part in parts(body, language, neural) if isinstance(part, Word)]


def word(body: str, language: str = "en-US", neural: bool = True) -> Word:
    (found,) = words(body, language, neural)
    return found


def refused(document: str, neural: bool = True) -> ReadingError:
    with pytest.raises(ReadingError) as error:
        read_ssml(document, "en-US", (), neural)
    return error.value


def test_the_developer_guides_example_has_the_developer_guides_bytes() -> None:
    (sentence,) = read_ssml(
        '<speak><prosody volume="+20dB">Mary had <break time="300ms"/>a little <mark name="animal"/>lamb</prosody></speak>',
        "en-US",
    )
    assert (sentence.begin, sentence.end) == (31, 95)
    assert sentence.text == 'Mary had <break time="300ms"/>a little <mark name="animal"/>lamb'
    shown = [(part.text, part.begin, part.end) for part in sentence.parts if isinstance(part, Word)]
    assert shown == [("Mary", 31, 35), ("had", 36, 39), ("a", 61, 62), ("little", 63, 69), ("lamb", 91, 95)]
    assert [part for part in sentence.parts if isinstance(part, Mark)] == [Mark("animal", 70, 91)]
    assert [part for part in sentence.parts if isinstance(part, Pause)] == [Pause(0.3)]


def test_a_reference_is_one_character_of_five_bytes() -> None:
    document = "<speak>R&amp;D &#x732B; <![CDATA[a & b]]> <!-- no -->é&lt;5</speak>"
    data = document.encode()
    found = [part for sentence in read_ssml(document, "en-US") for part in sentence.parts if isinstance(part, Word)]
    assert [data[part.begin : part.end].decode() for part in found] == [
        "R&amp;D", "&#x732B;", "a", "&", "b", "é", "&lt;", "5",
    ]  # fmt: skip
    assert found[0].text == "R&D"
    assert found[0].spoken == ("R", "and", "D")
    assert found[6].spoken == ("less", "than")


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [('strength="none"', 0.0), ('strength="x-weak"', 0.0), ('strength="weak"', 0.2), ('strength="medium"', 0.2),
     ('strength="strong"', 0.5), ('strength="x-strong"', 0.9), ('time="3s"', 3.0), ('time="250ms"', 0.25),
     ('time="1.5s"', 1.5), ('time="10s"', 10.0), ("", 0.2), ('strength="strong" time="1s"', 1.0)],
)  # fmt: skip
def test_breaks(attributes: str, seconds: float) -> None:
    assert [part for part in parts(f"one <break {attributes}/> two") if isinstance(part, Pause)] == [Pause(seconds)]


@pytest.mark.parametrize(("sign", "seconds"), [("", 0.2), (",", 0.5), (".", 0.9)])
def test_a_break_without_a_length_is_longer_than_the_pause_that_is_there(sign: str, seconds: float) -> None:
    assert Pause(seconds) in parts(f"one{sign} <break/> Two")


@pytest.mark.parametrize(
    ("attributes", "rate", "pitch", "volume"),
    [('rate="x-slow"', 0.5, 0, 0), ('rate="slow"', 0.75, 0, 0), ('rate="fast"', 1.25, 0, 0), ('rate="x-fast"', 1.5, 0, 0),
     ('rate="85%"', 0.85, 0, 0), ('rate="-10%"', 0.9, 0, 0), ('rate="+10%"', 1.1, 0, 0), ('rate="500%"', 2.0, 0, 0),
     ('rate="5%"', 0.2, 0, 0), ('volume="soft"', 1, 0, -6), ('volume="x-loud"', 1, 0, 12), ('volume="+6dB"', 1, 0, 6),
     ('volume="-6.5dB"', 1, 0, -6.5), ('volume="silent"', 1, 0, -120), ('pitch="+100%"', 1, 12, 0),
     ('pitch="-50%"', 1, -12, 0), ('pitch="medium"', 1, 0, 0), ('pitch="+2st"', 1, 2, 0),
     ('rate="slow" volume="loud"', 0.75, 0, 6)],
)  # fmt: skip
def test_prosody(attributes: str, rate: float, pitch: float, volume: float) -> None:
    style = word(f"<prosody {attributes}>word</prosody>", neural=False).style
    assert (style.rate, style.pitch, style.volume) == (rate, pitch, volume)


def test_prosody_within_prosody() -> None:
    inner, outer = words('<prosody rate="80%" volume="-3dB"><prosody volume="-3dB">in</prosody> out</prosody>')
    assert (inner.style.rate, inner.style.volume) == (0.8, -6)
    assert (outer.style.rate, outer.style.volume) == (0.8, -3)


@pytest.mark.parametrize(("level", "degree"), [("strong", 2), ("moderate", 1), ("reduced", -1)])
def test_emphasis(level: str, degree: int) -> None:
    assert word(f'<emphasis level="{level}">so</emphasis>', neural=False).style.emphasis == degree


@pytest.mark.parametrize(
    ("tag", "effects"),
    [('name="whispered"', ("whispered",)), ('name="drc"', ("drc",)), ('phonation="soft"', ("soft",)),
     ('vocal-tract-length="+15%"', ("vocal-tract-length:+15%",)),
     ('vocal-tract-length="110%"', ("vocal-tract-length:+10%",)),
     ('vocal-tract-length="-60%"', ("vocal-tract-length:-50%",)),
     ('vocal-tract-length="+111%"', ("vocal-tract-length:+100%",))],
)  # fmt: skip
def test_effects(tag: str, effects: tuple[str, ...]) -> None:
    assert word(f"<amazon:effect {tag}>hush</amazon:effect>", neural=False).style.effects == effects


@pytest.mark.parametrize(
    "body",
    ["<emphasis>x</emphasis>", '<prosody pitch="high">x</prosody>', '<amazon:effect name="whispered">x</amazon:effect>',
     '<amazon:effect phonation="soft">x</amazon:effect>', '<amazon:effect vocal-tract-length="+10%">x</amazon:effect>',
     "<amazon:breath/>x", "<amazon:auto-breaths>x</amazon:auto-breaths>", '<prosody amazon:max-duration="2s">x</prosody>',
     '<amazon:domain name="news">x</amazon:domain>', '<phoneme alphabet="x-amazon-pinyin" ph="bo2">x</phoneme>'],
)  # fmt: skip
def test_what_the_neural_engine_refuses(body: str) -> None:
    error = refused(f"<speak>{body}</speak>")
    assert error.code == "UnsupportedForEngine"
    assert error.message.startswith("This voice does not support one of the used SSML features")


def test_a_neural_voice_may_be_compressed_slowed_and_louder() -> None:
    style = word('<amazon:effect name="drc"><prosody rate="slow" volume="loud">x</prosody></amazon:effect>').style
    assert (style.effects, style.rate, style.volume) == (("drc",), 0.75, 6)


@pytest.mark.parametrize(
    ("attributes", "text", "spoken"),
    [
        ('interpret-as="characters"', "abc-1", "A B C dash one"),
        ('interpret-as="spell-out"', "Hi", "H I"),
        ('interpret-as="cardinal"', "1234", "one thousand two hundred thirty four"),
        ('interpret-as="number"', "-12", "minus twelve"),
        ('interpret-as="ordinal"', "1,234", "one thousand two hundred thirty fourth"),
        ('interpret-as="digits"', "1234", "one two three four"),
        ('interpret-as="fraction"', "2/9", "two ninths"),
        ('interpret-as="fraction"', "3+1/2", "three and a half"),
        ('interpret-as="fraction"', "2 ½", "two and a half"),
        ('interpret-as="unit"', "1/2inch", "one half inch"),
        ('interpret-as="unit"', "1meter", "one meter"),
        ('interpret-as="unit"', "5kg", "five kilograms"),
        ('interpret-as="date" format="mdy"', "12-31-1900", "December thirty first nineteen hundred"),
        ('interpret-as="date" format="dmy"', "31.12.1900", "December thirty first nineteen hundred"),
        ('interpret-as="date" format="ymd"', "2026/11/24", "November twenty fourth twenty twenty six"),
        ('interpret-as="date" format="md"', "09/22", "September twenty second"),
        ('interpret-as="date" format="dm"', "22-09", "September twenty second"),
        ('interpret-as="date" format="ym"', "2026-09", "September twenty twenty six"),
        ('interpret-as="date" format="my"', "09/2026", "September twenty twenty six"),
        ('interpret-as="date" format="d"', "22", "twenty second"),
        ('interpret-as="date" format="m"', "9", "September"),
        ('interpret-as="date" format="y"', "1984", "nineteen eighty four"),
        ('interpret-as="date" format="yyyymmdd"', "20261124", "November twenty fourth twenty twenty six"),
        ('interpret-as="date"', "????0922", "September twenty second"),
        ('interpret-as="time"', "1'21\"", "one minute and twenty one seconds"),
        ('interpret-as="telephone"', "2025551212", "two zero two five five five one two one two"),
        ('interpret-as="telephone"', "5551212x345", "five five five one two one two extension three four five"),
        ('interpret-as="currency"', "$5.20", "five dollars and twenty cents"),
        ('interpret-as="expletive"', "darn", "beep"),
    ],
)
def test_say_as(attributes: str, text: str, spoken: str) -> None:
    found = word(f"<say-as {attributes}>{text}</say-as>")
    assert " ".join(found.spoken) == spoken
    assert found.text == text


def test_say_as_an_address() -> None:
    found = words('<say-as interpret-as="address">150 Main St, Apt 4, NY 10001</say-as>')
    assert " ".join(said for one in found for said in one.spoken) == (
        "one fifty Main Street Apartment four New York one zero zero zero one"
    )


def test_an_expletive_asks_for_a_tone() -> None:
    assert word('<say-as interpret-as="expletive">darn</say-as>').style.effects == ("expletive",)


def test_a_british_voice_says_double_five() -> None:
    found = word('<say-as interpret-as="telephone">2122241555</say-as>', "en-GB")
    assert " ".join(found.spoken) == "two one triple two four one triple five"


def test_a_japanese_voice_says_as() -> None:
    assert word('<say-as interpret-as="digits">103</say-as>', "ja-JP").spoken == ("いち", "ゼロ", "さん")
    assert word('<say-as interpret-as="date" format="ymd">2026/8/20</say-as>', "ja-JP").spoken == (
        "にせんにじゅうろくねんはちがつはつか",
    )


def test_phonemes_in_both_alphabets() -> None:
    assert word('<phoneme alphabet="ipa" ph="pɪˈkɑːn">pecan</phoneme>').pronunciation == "pɪˈkɑːn"
    assert word('<phoneme alphabet="x-sampa" ph=\'pI"kA:n\'>pecan</phoneme>').pronunciation == "pɪˈkɑːn"
    assert word('<phoneme alphabet="x-sampa" ph=\'"pi.k{n\'>pecan</phoneme>').pronunciation == "ˈpi.kæn"


def test_a_reading_in_kana() -> None:
    found = word('<phoneme alphabet="x-amazon-yomigana" ph="ひろかず">弘一</phoneme>', "ja-JP")
    assert (found.text, found.spoken) == ("弘一", ("ひろかず",))


def test_substitution() -> None:
    found = words('My <sub alias="Mercury &amp; 3 others">Hg</sub>.')
    assert (found[1].text, found[1].spoken, found[1].behind) == ("Hg", ("Mercury", "and", "three", "others"), ".")


@pytest.mark.parametrize(
    "role", ["amazon:VB", "amazon:VBD", "amazon:NN", "amazon:SENSE_1", "amazon:DEFAULT", "ivona:VB"]
)
def test_roles(role: str) -> None:
    assert word(f'<w role="{role}">read</w>').role == role


def test_another_language_within() -> None:
    found = words('Ich sage <lang xml:lang="en-US">5 km</lang> und 5 km', "de-DE")
    assert [(one.style.language, one.spoken) for one in found if one.text == "km"] == [
        ("en-US", ("kilometers",)),
        ("de-DE", ("Kilometer",)),
    ]


def test_paragraphs_and_sentences() -> None:
    found = read_ssml("<speak><p>One. Two</p><p><s>three</s><s>four</s></p>five</speak>", "en-US")
    assert [sentence.text for sentence in found] == ["One.", "Two", "three", "four", "five"]
    assert [Pause(0.9) in sentence.parts for sentence in found] == [False, True, False, True, False]


def test_marks_and_breaks_around_words_are_kept_in_order() -> None:
    found = parts('<mark name="a"/><break time="1s"/>One. <break time="2s"/><mark name="b"/>Two<mark name="c"/>')
    shown = [
        part.text if isinstance(part, Word) else part.name if isinstance(part, Mark) else part.seconds for part in found
    ]
    assert shown == ["a", 1.0, "One", 2.0, "b", "Two", "c"]


def test_a_break_between_sentences_follows_the_first() -> None:
    first, second = read_ssml('<speak><s>One</s><break time="1s"/><s>Two</s></speak>', "en-US")
    assert first.parts[-1] == Pause(1.0)
    assert len(second.parts) == 1


def test_only_marks_are_a_sentence_without_words() -> None:
    (sentence,) = read_ssml('<speak><mark name="x"/><break time="1s"/></speak>', "en-US")
    assert sentence.text == ""
    assert sentence.parts == [Mark("x", 7, 23), Pause(1.0)]


def test_declarations_namespaces_and_comments_are_no_harm() -> None:
    document = (
        '<?xml version="1.0"?>\n<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xml:lang="en-US">'
        "<!-- 5 -->Hello<?x y?></speak>"
    )
    (sentence,) = read_ssml(document, "de-DE")
    assert sentence.text == "Hello"
    (hello,) = sentence.parts
    assert isinstance(hello, Word)
    assert hello.style.language == "de-DE"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "no element found"),
        ("Hello", "syntax error"),
        ("<speak>Hello", "no element found"),
        ("<speak>a & b</speak>", "not well-formed"),
        ("<speak>&nbsp;</speak>", "undefined entity"),
        ("<speak>a</speak><speak>b</speak>", "junk after document element"),
        ("<speak>\x00</speak>", "not well-formed"),
        ("<voice>a</voice>", "no element <voice>"),
        ("<p>a</p>", "<speak> encloses everything"),
        ("<speak><speak>a</speak></speak>", "<speak> encloses everything"),
        ('<speak><audio src="x"/></speak>', "no element <audio>"),
        ('<speak><voice name="Joanna">a</voice></speak>', "no element <voice>"),
        ('<speak><break time="11s"/></speak>', "at most 10s"),
        ('<speak><break time="long"/></speak>', "no time"),
        ('<speak><break strength="huge"/></speak>', "'huge'"),
        ("<speak><break>a</break></speak>", "<break> is empty"),
        ("<speak><mark/></speak>", "needs the attribute name"),
        ("<speak><prosody>a</prosody></speak>", "needs rate"),
        ('<speak><prosody rate="quick">a</prosody></speak>', "'quick'"),
        ('<speak><prosody volume="11">a</prosody></speak>', "'11'"),
        ('<speak><prosody pitch="10%">a</prosody></speak>', "'10%'"),
        ('<speak><prosody speed="2">a</prosody></speak>', "no attribute speed"),
        ('<speak><say-as interpret-as="song">a</say-as></speak>', "'song'"),
        ("<speak><say-as>a</say-as></speak>", "interpret-as"),
        ('<speak><say-as interpret-as="date" format="mmm">a</say-as></speak>', "'mmm'"),
        ("<speak><sub>a</sub></speak>", "alias"),
        ('<speak><sub alias="b">a<break/></sub></speak>', "may not stand in <sub>"),
        ('<speak><w role="noun">a</w></speak>', "'noun'"),
        ("<speak><lang>a</lang></speak>", "xml:lang"),
        ('<speak><lang xml:lang="xx-XX">a</lang></speak>', "'xx-XX'"),
        ('<speak><phoneme alphabet="ipa">a</phoneme></speak>', "ph"),
        ('<speak><phoneme alphabet="arpabet" ph="a">a</phoneme></speak>', "'arpabet'"),
        ('<speak><phoneme alphabet="ipa" ph="P4!">a</phoneme></speak>', "Phonetic"),
        ('<speak><phoneme alphabet="x-sampa" ph="ä">a</phoneme></speak>', "X-SAMPA"),
        ("<speak><p><p>a</p></p></speak>", "may not stand"),
        ("<speak><s><p>a</p></s></speak>", "may not stand"),
        ('<speak><amazon:effect name="loud">a</amazon:effect></speak>', "'loud'"),
        ("<speak><amazon:effect>a</amazon:effect></speak>", "needs name"),
    ],
)
def test_what_is_invalid(document: str, reason: str) -> None:
    error = refused(document, neural=False)
    assert error.code == "InvalidSsml"
    assert error.message.startswith("Invalid SSML request")
    assert reason in error.message
    assert error.line >= 1


def test_the_place_of_an_error_is_named() -> None:
    error = refused("<speak>\n  <p>one</p>\n  <break time='99s'/>\n</speak>")
    assert (error.line, error.column) == (3, 3)
    assert "(line 3, column 3)" in error.message


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]><speak>&lol9;</speak>"
)


@pytest.mark.parametrize(
    "document",
    [
        BOMB,
        '<!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak>a</speak>',
        '<!DOCTYPE speak [<!ENTITY x SYSTEM "file:///etc/passwd">]><speak>&x;</speak>',
        '<!DOCTYPE speak [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><speak>a</speak>',
        "<!DOCTYPE speak><speak>a</speak>",
    ],
)
def test_entities_expand_to_nothing(document: str) -> None:
    begin = time.process_time()
    error = refused(document)
    assert error.code == "InvalidSsml"
    assert "document type" in error.message
    assert time.process_time() - begin < 1


def test_ten_thousand_levels_are_refused() -> None:
    document = "<speak>" + '<lang xml:lang="en-US">' * 4_000 + "a" + "</lang>" * 4_000 + "</speak>"
    assert "nested" in refused(document).message
    assert refused("<speak>" + "<p>" * 10_000).code == "InvalidSsml"


def test_two_hundred_thousand_characters_and_no_more() -> None:
    body = "Some words &amp; 12 more. " * 4_000
    begin = time.process_time()
    found = read_ssml(f"<speak>{body}</speak>", "en-US")
    assert len(found) == 4_000
    assert time.process_time() - begin < 12
    assert refused("<speak>" + "a" * 200_000 + "</speak>").code == "TextTooLong"


def test_ten_thousand_marks() -> None:
    begin = time.process_time()
    found = read_ssml("<speak>a" + '<mark name="x"/>.' * 10_000 + "</speak>", "en-US")
    assert sum(isinstance(part, Mark) for sentence in found for part in sentence.parts) == 10_000
    assert time.process_time() - begin < 12
