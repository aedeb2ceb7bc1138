from __future__ import annotations

import urllib.request

import pytest
from botocore.exceptions import ClientError

from honmono.engines.translation.apertium import installed

names = {mode.name for mode in installed()}
pytestmark = pytest.mark.skipif(
    not {"eng-spa", "spa-eng", "eng-cat"} <= names,
    reason="the packages apertium-eng-spa and apertium-eng-cat are not installed",
)


@pytest.fixture
def translate(server):
    return server.client("translate")


def terms(translate, name, rows, form="CSV", **more):
    data = {"File": rows.encode(), "Format": form, **more}
    return translate.import_terminology(Name=name, MergeStrategy="OVERWRITE", TerminologyData=data)


def text_of(translate, text, source="en", target="es", **more):
    return translate.translate_text(Text=text, SourceLanguageCode=source, TargetLanguageCode=target, **more)


def code_of(error):
    return error.value.response["Error"]["Code"]


def test_a_text_is_translated_and_says_by_whom(translate):
    one, other = (text_of(translate, text) for text in ("The house is big.", "The cat is black."))
    assert one["TranslatedText"] == "La casa es grande."
    assert other["TranslatedText"] == "El gato es negro."
    assert one["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("chain/")


def test_the_language_is_told_by_itself(translate):
    made = text_of(translate, "El gato negro duerme en la casa de mi hermana.", "auto", "en")
    assert made["SourceLanguageCode"] == "es"
    assert "cat" in made["TranslatedText"]


def test_a_terminology_binds_and_a_later_one_takes_its_place(translate):
    properties = terms(translate, "brands", "en,es,ca\nBig House,La Casona,La Casassa\nBig House,El Caserón,\nrow,,\n")
    assert properties["TerminologyProperties"]["TermCount"] == 1
    assert properties["TerminologyProperties"]["SkippedTermCount"] == 2
    made = text_of(translate, "The Big House is old.", TerminologyNames=["brands"])
    assert "El Caserón" in made["TranslatedText"]
    assert made["AppliedTerminologies"] == [
        {"Name": "brands", "Terms": [{"SourceText": "Big House", "TargetText": "El Caserón"}]}
    ]
    assert "AppliedTerminologies" not in text_of(translate, "The big house is old.", TerminologyNames=["brands"])
    terms(translate, "brands", "en\tes\nBig House\tCasa Bonita\n", "TSV")
    assert "Casa Bonita" in text_of(translate, "The Big House", TerminologyNames=["brands"])["TranslatedText"]


def test_a_terminology_works_one_way_unless_it_says_otherwise(translate):
    rows = "en,es\nZebra Bank,Banco Cebra\n"
    for direction, expected in (("UNI", False), ("MULTI", True)):
        terms(translate, direction, rows, Directionality=direction)
        made = text_of(translate, "El Banco Cebra es grande.", "es", "en", TerminologyNames=[direction])
        assert ("Zebra Bank" in made["TranslatedText"]) is expected


def test_a_terminology_can_be_read_back_in_each_form(translate):
    terms(translate, "back", 'en,es\n"Smith, Inc.",«Herrero»\nA & B,A y B\n')
    for form in ("CSV", "TSV", "TMX"):
        location = translate.get_terminology(Name="back", TerminologyDataFormat=form)["TerminologyDataLocation"]
        data = urllib.request.urlopen(location["Location"]).read().decode()
        again = terms(translate, f"again-{form}", data, form)
        assert again["TerminologyProperties"]["TermCount"] == 2
        made = text_of(translate, "Smith, Inc. is big.", TerminologyNames=[f"again-{form}"])
        assert "«Herrero»" in made["TranslatedText"]
    listed = translate.list_terminologies(MaxResults=2)
    assert len(listed["TerminologyPropertiesList"]) == 2
    assert listed["NextToken"]
    translate.delete_terminology(Name="back")
    with pytest.raises(ClientError) as error:
        translate.get_terminology(Name="back", TerminologyDataFormat="CSV")
    assert code_of(error) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("data", "form", "message"),
    [
        (b"en,es\na,b,c\n", "CSV", "line 2"),
        (b"en,es\n\xff,b\n", "CSV", "not UTF-8"),
        (b"english,es\na,b\n", "CSV", "'english'"),
        (b"en,en\na,b\n", "CSV", "twice"),
        (b"en\na\n", "CSV", "fewer than two languages"),
        (b"en,es\n", "CSV", "no term"),
        (b"<tmx><body>", "TMX", "not well-formed"),
        (b'<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>', "TMX", "entities"),
        (b"<html/>", "TMX", "<tmx>"),
    ],
)
def test_a_terminology_that_cannot_be_read_is_refused(translate, data, form, message):
    with pytest.raises(ClientError, match=message) as error:
        translate.import_terminology(
            Name="bad", MergeStrategy="OVERWRITE", TerminologyData={"File": data, "Format": form}
        )
    assert code_of(error) == "InvalidParameterValueException"


def test_a_pair_that_nothing_translates_is_refused_with_what_there_is(translate):
    with pytest.raises(ClientError, match=r"en-es.*apertium") as error:
        text_of(translate, "Hello", "en", "ta")
    assert code_of(error) == "UnsupportedLanguagePairException"
    assert error.value.response["TargetLanguageCode"] == "ta"


def test_a_text_may_have_ten_thousand_bytes(translate):
    assert len(text_of(translate, "the cat " * 1250)["TranslatedText"]) > 8000
    with pytest.raises(ClientError) as error:
        text_of(translate, "é" * 5001)
    assert code_of(error) == "TextSizeLimitExceededException"


def test_the_languages_are_those_that_are_installed(translate):
    languages = translate.list_languages(DisplayLanguageCode="ja", MaxResults=500)["Languages"]
    named = {each["LanguageCode"]: each["LanguageName"] for each in languages}
    assert named["es"] == "スペイン語"
    assert named["auto"] == "自動"
    assert "ta" not in named
    first = translate.list_languages(MaxResults=3)
    rest = translate.list_languages(NextToken=first["NextToken"])
    assert len(first["Languages"]) + len(rest["Languages"]) == len(languages)


def test_tags_stay_with_a_terminology(translate):
    data = {"File": b"en,es\na,b\n", "Format": "CSV"}
    arn = translate.import_terminology(
        Name="tagged", MergeStrategy="OVERWRITE", TerminologyData=data, Tags=[{"Key": "team", "Value": "x"}]
    )["TerminologyProperties"]["Arn"]
    translate.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "7"}])
    translate.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert translate.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "cost", "Value": "7"}]
