"""Lexicons and their tags, as an application keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer

PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="{alphabet}" xml:lang="{language}">
  {lexemes}
</lexicon>"""


def pls(*pairs: tuple[str, str], language: str = "en-US", alphabet: str = "ipa") -> str:
    lexemes = "".join(f"<lexeme><grapheme>{g}</grapheme><alias>{a}</alias></lexeme>" for g, a in pairs)
    return PLS.format(alphabet=alphabet, language=language, lexemes=lexemes)


def refused(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**request)
    said = error.value.response["Error"]
    return said["Code"], said["Message"]


def test_a_lexicon_is_kept_with_what_is_in_it(server: RunningServer) -> None:
    polly = server.client("polly")
    one = pls(("W3C", "World Wide Web Consortium"))
    two = pls(("音声", "おんせい"), ("AWS", "エーダブリューエス"), language="ja-JP")
    polly.put_lexicon(Name="web", Content=one)
    polly.put_lexicon(Name="onsei", Content=two)
    found = polly.get_lexicon(Name="onsei")
    assert found["Lexicon"] == {"Name": "onsei", "Content": two}
    attributes = found["LexiconAttributes"]
    assert (attributes["LanguageCode"], attributes["LexemesCount"], attributes["Size"]) == ("ja-JP", 2, len(two))
    assert attributes["Alphabet"] == "ipa"
    assert attributes["LexiconArn"] == "arn:aws:polly:us-east-1:000000000000:lexicon/onsei"
    assert abs(attributes["LastModified"] - datetime.now(UTC)) < timedelta(seconds=30)
    listed = {each["Name"]: each["Attributes"]["LexemesCount"] for each in polly.list_lexicons()["Lexicons"]}
    assert listed == {"web": 1, "onsei": 2}
    assert server.client("polly", region_name="eu-west-1").list_lexicons()["Lexicons"] == []
    polly.delete_lexicon(Name="web")
    assert refused(polly.get_lexicon, Name="web")[0] == "LexiconNotFoundException"
    assert refused(polly.delete_lexicon, Name="web")[0] == "LexiconNotFoundException"


def test_a_lexicon_put_again_replaces_the_text_and_keeps_the_tags(server: RunningServer) -> None:
    polly = server.client("polly")
    polly.put_lexicon(Name="again", Content=pls(("a", "b")), Tags={"team": "voice"})
    before = polly.get_lexicon(Name="again")["LexiconAttributes"]
    polly.put_lexicon(Name="again", Content=pls(("a", "b"), ("c", "d")))
    after = polly.get_lexicon(Name="again")["LexiconAttributes"]
    assert (before["LexemesCount"], after["LexemesCount"]) == (1, 2)
    assert after["LastModified"] >= before["LastModified"]
    assert polly.list_tags_for_resource(ResourceArn=after["LexiconArn"])["Tags"] == {"team": "voice"}
    code, message = refused(polly.put_lexicon, Name="again", Content=pls(("a", "b")), Tags={"team": "x"})
    assert code == "ValidationException" and "only when a lexicon is created" in message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "InvalidLexiconException"),
        ("no XML", "InvalidLexiconException"),
        ("<speak>Hello</speak>", "InvalidLexiconException"),
        (pls(), "InvalidLexiconException"),
        (pls(("a", "b"), alphabet="arpabet"), "UnsupportedPlsAlphabetException"),
        (pls(("a", "b"), language="tlh"), "UnsupportedPlsLanguageException"),
        (pls(("a", "b" * 101)), "MaxLexemeLengthExceededException"),
        (pls(*[("a", "b" * 90)] * 40), "LexiconSizeExceededException"),
        ('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]>' + pls(("a", "&z;")), "InvalidLexiconException"),
    ],
)
def test_what_is_no_lexicon_is_refused(server: RunningServer, content: str, code: str) -> None:
    assert refused(server.client("polly").put_lexicon, Name="bad", Content=content)[0] == code


def test_names_are_of_twenty_letters_and_digits(server: RunningServer) -> None:
    code, message = refused(server.client("polly").put_lexicon, Name="no-dashes", Content=pls(("a", "b")))
    assert code == "ValidationException" and "[0-9A-Za-z]{1,20}" in message


def test_a_region_has_at_most_a_hundred(server: RunningServer) -> None:
    polly = server.client("polly", region_name="ap-northeast-1")
    for number in range(100):
        polly.put_lexicon(Name=f"l{number}", Content=pls(("a", str(number))))
    assert refused(polly.put_lexicon, Name="one", Content=pls(("a", "b")))[0] == "MaxLexiconsNumberExceededException"
    polly.put_lexicon(Name="l7", Content=pls(("a", "replaced")))
    assert len(polly.list_lexicons()["Lexicons"]) == 100


def test_tags_are_added_replaced_and_removed(server: RunningServer) -> None:
    polly = server.client("polly")
    polly.put_lexicon(Name="tagged", Content=pls(("a", "b")), Tags={"one": "1", "two": ""})
    arn = polly.get_lexicon(Name="tagged")["LexiconAttributes"]["LexiconArn"]
    polly.tag_resource(ResourceArn=arn, Tags={"two": "2", "三": "さん"})
    polly.untag_resource(ResourceArn=arn, TagKeys=["one", "not there"])
    assert polly.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"two": "2", "三": "さん"}
    many = {f"k{number}": "v" for number in range(49)}
    assert refused(polly.tag_resource, ResourceArn=arn, Tags=many)[0] == "TooManyTagsException"
    assert refused(polly.tag_resource, ResourceArn=arn, Tags={"aws:x": "y"})[0] == "InvalidTagParameterException"
    polly.delete_lexicon(Name="tagged")
    assert refused(polly.list_tags_for_resource, ResourceArn=arn)[0] == "ResourceNotFoundException"
    other = arn.replace("000000000000", "111111111111")
    assert refused(polly.list_tags_for_resource, ResourceArn=other)[0] == "InvalidTagParameterException"
    assert refused(polly.list_tags_for_resource, ResourceArn="arn:x")[0] == "InvalidTagParameterException"


def test_a_token_of_nobody_is_refused(server: RunningServer) -> None:
    assert refused(server.client("polly").list_lexicons, NextToken="x")[0] == "InvalidNextTokenException"
