"""Whatever comes, it is read or refused with a reason, and words stand where they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.engines.speech.reading import Lexicon, ReadingError, read_ssml, read_text
from honmono.engines.speech.utterance import Sentence, Word

LANGUAGES = st.sampled_from(["en-US", "en-GB", "es-ES", "es-MX", "fr-FR", "it-IT", "pt-BR", "pt-PT", "de-DE", "ja-JP"])
PIECES = st.sampled_from(
    "$5.20 | 12/31/2026 |3:05pm|½|1/2 |Dr. |U.S. |etc. |😀|3本|三百円|2026年|第|億|#1 |-5 |20°C |IV |Louis XIV |p.m. |'60s |"
    "http://a.b/c |x@y.z |1,2,3|9999999999999999999999999999999999999999|.5|0/0|99:99|AT&T |№|\u0661\u0662|²|Ⅷ|ǅ|ß|İ|"
    "１２｡|—|« |»|\u200b|\u0301|\ufeff|\r\n|1-2-3-4|万億兆|0.0.0.0|24.12.|R$ 5|5 Mio. €|p. 5|A. B|\x85".split("|")
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=8).map("".join)
TAGS = st.sampled_from(
    "<break/>|<mark name='é'/>|<p>|</p>|<s>|</s>|<prosody rate='9%'>|</prosody>|<say-as interpret-as='cardinal'>|"
    "<say-as interpret-as='date' format='mdy'>|<say-as interpret-as='unit'>|<say-as interpret-as='telephone'>|</say-as>|"
    "<sub alias='1/0 &lt;'>|</sub>|<lang xml:lang='ja-JP'>|</lang>|&amp;|&#10;|&#x0;|<![CDATA[|]]>|<!--|-->|"
    "<w role='amazon:VB'>|</w>|<phoneme ph='a'>|</phoneme>|<say-as interpret-as='fraction'>|<say-as interpret-as='time'>|"
    "<say-as interpret-as='characters'>|<say-as interpret-as='ordinal'>|<say-as interpret-as='address'>".split("|")
)


def check(found: list[Sentence], document: bytes, *, exact: bool) -> None:
    last = 0
    for sentence in found:
        assert document[sentence.begin : sentence.end].decode() == sentence.text
        for part in sentence.parts:
            if isinstance(part, Word):
                assert last <= part.begin < part.end <= len(document)
                last = part.end
                assert all(said and not any(map(str.isspace, said)) for said in part.spoken)
                assert part.spoken
                sliced = document[part.begin : part.end].decode()
                assert not exact or sliced == part.text


@settings(max_examples=400, deadline=None)
@given(TEXTS, LANGUAGES)
def test_any_text(text: str, language: str) -> None:
    try:
        found = read_text(text, language)
    except ReadingError:
        return
    check(found, text.encode(), exact=True)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | TAGS | st.text(max_size=4), max_size=10).map("".join), LANGUAGES, st.booleans())
def test_any_document(body: str, language: str, neural: bool) -> None:
    document = f"<speak>{body}</speak>"
    try:
        found = read_ssml(document, language, (), neural)
    except ReadingError:
        return
    check(found, document.encode(), exact=not any(one in document for one in ("&", "\r", "<!")))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["cardinal", "date", "unit", "telephone", "fraction", "time", "characters", "ordinal", "digits",
                               "address", "currency"]), LANGUAGES)  # fmt: skip
def test_anything_said_as_anything(text: str, kind: str, language: str) -> None:
    inside = "".join(one for one in text if one.isprintable()).replace("&", "&amp;").replace("<", "&lt;")
    try:
        read_ssml(f'<speak><say-as interpret-as="{kind}">{inside}</say-as></speak>', language)
    except ReadingError as error:
        assert "well-formed" in error.message or "invalid character" in error.message


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60) | TEXTS.map(str.encode) | st.lists(PIECES, max_size=4).map(lambda one: "".join(one).encode())
)
def test_any_lexicon(content: bytes) -> None:
    for whole in (content, b'<lexicon version="1.0" alphabet="ipa" xml:lang="en-US">' + content + b"</lexicon>"):
        try:
            Lexicon.parse(whole, "x")
        except ReadingError:
            continue
