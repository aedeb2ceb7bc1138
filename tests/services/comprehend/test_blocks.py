"""A recogniser's entities in native documents: which blocks they stand in."""

import re
from dataclasses import dataclass

import pytest
from tests import documents

from honmono.compute import Ledger
from honmono.engines.host import EngineHost
from honmono.engines.registry import Registry
from honmono.services.comprehend.blocks import entities_of_document
from honmono.services.comprehend.native_documents import IN_JOBS, REAL_TIME, DocumentRefused, read_document
from honmono.weights import Cache
from honmono.wire.model import load
from honmono.wire.validation import compile_check, violations


@dataclass(frozen=True)
class Found:
    begin: int
    end: int
    type: str
    score: float


def find(text: str) -> list[Found]:
    """Whatever is called Anna Schmidt, and numbers of invoices."""
    kinds = {"PERSON": r"Anna\s+Schmidt|安奈", "INVOICE": r"\b\d{4}\b"}
    return [Found(*match.span(), kind, 0.9) for kind, what in kinds.items() for match in re.finditer(what, text)]


@pytest.fixture(scope="module")
def engines():
    with EngineHost({}, Cache(), Ledger(1, 4 << 30)) as host:
        yield host


def answered(engines, data, limits=REAL_TIME):
    return entities_of_document(read_document(engines, data, None, limits), find)


def test_an_entity_of_a_pdf_stands_in_a_line_and_its_words(engines):
    answer = answered(engines, documents.pdf(["Bill 4711 is for Anna", "Schmidt of Berlin"]))
    blocks = {block["Id"]: block for block in answer["Blocks"]}
    person, invoice = answer["Entities"]
    assert (person["Text"], person["Type"]) == ("Anna\nSchmidt", "PERSON")
    assert "BeginOffset" not in person
    first, second = person["BlockReferences"]
    assert [blocks[each["BlockId"]]["Text"] for each in (first, second)] == [
        "Bill 4711 is for Anna",
        "Schmidt of Berlin",
    ]
    assert (first["BeginOffset"], first["EndOffset"]) == (17, 21)
    assert (second["BeginOffset"], second["EndOffset"]) == (0, 7)
    (child,) = first["ChildBlocks"]
    assert blocks[child["ChildBlockId"]]["Text"] == "Anna"
    assert (child["BeginOffset"], child["EndOffset"]) == (0, 4)
    assert blocks[invoice["BlockReferences"][0]["ChildBlocks"][0]["ChildBlockId"]]["Text"] == "4711"
    assert answer["DocumentType"] == [{"Page": 1, "Type": "NATIVE_PDF"}]


def test_blocks_tell_lines_their_words_and_places(engines):
    answer = answered(engines, documents.pdf(["Bill 4711", "安奈 here"]))
    lines = [block for block in answer["Blocks"] if block["BlockType"] == "LINE"]
    words = {block["Id"]: block for block in answer["Blocks"] if block["BlockType"] == "WORD"}
    assert [line["Text"] for line in lines] == ["Bill 4711", "安奈 here"]
    for line in lines:
        (relation,) = line["Relationships"]
        assert " ".join(words[name]["Text"] for name in relation["Ids"]) == line["Text"]
        box = line["Geometry"]["BoundingBox"]
        for name in relation["Ids"]:
            inner = words[name]["Geometry"]["BoundingBox"]
            assert box["Left"] <= inner["Left"] and inner["Left"] + inner["Width"] <= box["Left"] + box["Width"] + 1e-6
        assert line["Geometry"]["Polygon"][2] == {"X": box["Left"] + box["Width"], "Y": box["Top"] + box["Height"]}
    assert answer == answered(engines, documents.pdf(["Bill 4711", "安奈 here"]))


def test_word_documents_have_no_geometry_and_plain_texts_no_blocks(engines):
    answer = answered(engines, documents.docx("Bill 4711", "for Anna  Schmidt"))
    assert all("Geometry" not in block for block in answer["Blocks"])
    person = answer["Entities"][0]
    children = [each["ChildBlockId"] for each in person["BlockReferences"][0]["ChildBlocks"]]
    blocks = {block["Id"]: block["Text"] for block in answer["Blocks"]}
    assert [blocks[name] for name in children] == ["Anna", "Schmidt"]

    text = "😀 Bill 4711 for Anna Schmidt"
    answer = answered(engines, text.encode())
    assert "Blocks" not in answer
    for entity in answer["Entities"]:
        assert text[entity["BeginOffset"] : entity["EndOffset"]] == entity["Text"]
        assert "BlockReferences" not in entity
    assert answer["DocumentType"] == [{"Page": 1, "Type": "PLAIN_TEXT"}]


def test_pages_of_a_document_in_a_job(engines):
    data = documents.pdf(*[[f"Bill {4000 + number}"] for number in range(40)])
    with pytest.raises(DocumentRefused) as caught:
        read_document(engines, data, None, REAL_TIME)
    assert caught.value.reason == "PAGE_LIMIT_EXCEEDED"
    answer = answered(engines, data, IN_JOBS)
    assert [entity["Text"] for entity in answer["Entities"]] == [str(4000 + number) for number in range(40)]
    assert answer["DocumentMetadata"]["Pages"] == 40
    pages = [block["Page"] for block in answer["Blocks"] if block["BlockType"] == "LINE"]
    assert pages == list(range(1, 41))
    with pytest.raises(DocumentRefused, match="101 pages; at most 100"):
        read_document(engines, documents.pdf(*[["x"]] * 101), None, IN_JOBS)


@pytest.mark.slow
def test_a_document_that_crashes_the_reader_costs_itself():
    registry = Registry({"document-text": {"fragile": "tests.engines.documents.planted_reader:FragileReader"}})
    with EngineHost({}, Cache(), Ledger(1, 4 << 30), registry=registry) as host:
        good = documents.pdf(["Bill 4711"])
        for bad, words in ((b"%crash", "SIGSEGV"), (b"%hang", "3 s")):
            with pytest.raises(DocumentRefused, match=words) as caught:
                answered(host, good + bad)
            assert caught.value.reason == "INVALID_DOCUMENT"
            assert [entity["Text"] for entity in answered(host, good)["Entities"]] == ["4711"]


def test_answers_have_the_shape_that_aws_gives_them(engines):
    check = compile_check(load("comprehend").operations["DetectEntities"].output, closed=True)
    for data in (
        documents.pdf(["Bill 4711"]),
        documents.docx("Bill 4711"),
        b"Bill 4711",
        documents.picture(["Bill 4711"]),
    ):
        answer = answered(engines, data)
        assert [entity["Text"] for entity in answer["Entities"]] == ["4711"]
        for entity in answer["Entities"]:
            entity["Type"] = "OTHER"  # types of custom recognisers are the customer's
        assert violations(check, answer) == []
