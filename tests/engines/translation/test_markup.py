from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import documents

from honmono.engines.errors import DamagedInput, UnsupportedInput
from honmono.engines.translation.flow import translate_flows
from honmono.engines.translation.html import translate_html
from honmono.engines.translation.office import PRESENTATION, WORD, WORKBOOK, translate_office


def shout(texts):
    return [text.upper() for text in texts]


def backwards(texts):
    """Changes the order of words, as a language with another order does, and their number."""
    return [
        re.sub(r"\S+(?:\s+\S+)*", lambda match: " ".join(["so", *reversed(match[0].split())]), text) for text in texts
    ]


PAGE = """<!DOCTYPE html>
<title>one title</title><style>p > b {color: red}</style>
<body class="x" onload='go("<b>")'><!-- one <p> comment -->
<p>one <b>two</b> three &amp; four<br>five <img alt="six" src=y>
<p translate="no">seven <b>eight</b></p> <pre>nine</pre><script>var ten = "<p>ten</p>"</script>
<ul><li>eleven<li>&lt;twelve&gt;</ul> a < b"""


def test_html_keeps_every_tag_and_all_that_is_not_for_readers():
    made = translate_html(PAGE, shout)
    assert re.findall(r"<[^>]*>", made.replace("&lt;", "")) == re.findall(r"<[^>]*>", PAGE.replace(" < b", ""))
    for kept in ("p > b {color: red}", "one <p> comment", 'alt="six"', "seven <b>eight</b>", "nine", '"<p>ten</p>"'):
        assert kept in made
    assert "ONE <b>TWO</b> THREE &amp; FOUR<br>FIVE" in made
    assert "<title>ONE TITLE</title>" in made
    assert "&lt;TWELVE&gt;" in made


@given(st.text(alphabet=st.sampled_from("<>/ab=\"' !-&;\npscript")))
def test_any_page_comes_through_an_idle_translator_with_its_tags(page):
    made = translate_html(page, lambda texts: texts)
    tags = re.compile(r"</?[a-z][^<>\"']*>")
    assert tags.findall(made) == tags.findall(page)


def test_a_marked_word_is_found_again_where_it_went():
    english = {"the ": "la ", "big": "Grande", " house": " casa", "the big house": "la casa grande"}
    assert translate_flows([["the ", "big", " house"]], lambda texts: [english[text] for text in texts]) == [
        ["la casa ", "grande", ""]
    ]


def test_what_cannot_be_found_again_is_translated_piece_by_piece():
    [made] = translate_flows(
        [["go go ", "go", " now"]], lambda texts: ["ve ve ya ve" if "now" in t and "go" in t else t for t in texts]
    )
    assert made == ["go go ", "go", " now"]


@given(st.lists(st.lists(st.text(alphabet="ab  \n1"), min_size=1, max_size=4), max_size=3))
def test_no_stretch_is_lost_and_none_is_invented(flows):
    made = translate_flows(flows, lambda texts: texts)
    assert ["".join(each) for each in made] == ["".join(each) for each in flows]
    assert [len(each) for each in made] == [len(each) for each in flows]


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_word_document_is_rewritten_in_its_texts_alone():
    before = documents.docx("One small line", "Two <lines>")
    made = translate_office(before, WORD, shout)
    old, new = parts(before), parts(made)
    assert old.keys() == new.keys()
    assert all(old[name] == new[name] for name in old if name != "word/document.xml")
    text = new["word/document.xml"].decode()
    assert "ONE SMALL LINE" in text
    assert "TWO &lt;LINES&gt;" in text
    assert re.sub(r">[^<>]+<", "><", text.replace(' xml:space="preserve"', "")) == re.sub(
        r">[^<>]+<", "><", old["word/document.xml"].decode().replace(' xml:space="preserve"', "")
    )


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def test_slides_and_cells_are_translated_too():
    drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slides = packed(
        ppt__presentation="<p/>",
        ppt__slides__slide1=f"<s {drawing}><a:p><a:r><a:t>good day</a:t></a:r></a:p></s>",
        ppt__slideMasters__slideMaster1=f"<s {drawing}><a:p><a:r><a:t>click here</a:t></a:r></a:p></s>",
    )
    made = parts(translate_office(slides, PRESENTATION, shout))
    assert b"GOOD DAY" in made["ppt/slides/slide1.xml"]
    assert b"click here" in made["ppt/slideMasters/slideMaster1.xml"]
    cells = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    book = packed(
        xl__workbook="<w/>",
        xl__sharedStrings=f"{cells}<si><t>price</t></si><si><t>東京</t><rPh sb='0' eb='2'><t>とうきょう</t></rPh></si></sst>",
    )
    made = parts(translate_office(book, WORKBOOK, backwards))
    text = made["xl/sharedStrings.xml"].decode()
    assert "so price" in text and "so 東京" in text and ">とうきょう<" in text


@pytest.mark.parametrize(
    ("document", "error", "message"),
    [
        (b"no zip", DamagedInput, "damaged"),
        (packed(other="<x/>"), UnsupportedInput, "holds no Word document"),
        (packed(word__document="<x/>", word__vbaProject="x"), UnsupportedInput, "macros"),
        (packed(word__document="<x>"), DamagedInput, "document.xml"),
        (documents.billion_laughs(), DamagedInput, "entities"),
        (documents.external_entity("/etc/hostname"), DamagedInput, "entities"),
        (documents.zip_bomb(80), DamagedInput, "unpacks"),
    ],
)
def test_hostile_documents_are_refused(document, error, message):
    with pytest.raises(error, match=message):
        translate_office(document, WORD, shout)
