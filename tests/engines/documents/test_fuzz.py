"""Two thousand mutated documents: each is read or refused in words, and the worker goes on, or dies of one alone."""

import random
import zipfile
from collections import Counter
from io import BytesIO

import pytest
from tests import documents

from honmono.compute import Ledger
from honmono.engines.errors import DamagedInput, EngineCrashed, EngineTimeout, UnsupportedInput
from honmono.engines.host import EngineHost
from honmono.weights import Cache

DOCUMENTS = 2_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled, or replaced by numbers that readers trip over."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at] = chance.choice((0, 255, 127, 128))
            case 2:
                del changed[at : at + chance.randint(1, 40)]
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 40)]
            case _:
                changed[at : at + 4] = chance.choice((b"9999", b"-1 0", b"\xff\xff\xff\x7f", b"<</T", b"]>>e"))
        if not changed:
            changed += b"x"
    return bytes(changed)


def mutated_word(data: bytes, chance: random.Random) -> bytes:
    """A part of a Word document mutated within a sound zip: what a broken zip would hide from the reader."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        unlucky = chance.choice(archive.namelist())
        for name in archive.namelist():
            part = archive.read(name)
            changed.writestr(name, mutated(part, chance) if name == unlucky else part)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_mutated_documents() -> None:
    chance = random.Random(20261124)
    sound = [
        documents.pdf(["Invoice 4711 for Anna", "荷物 late"], ["second page"]),
        documents.form_pdf(["Name:"], name="Anna", town="東京"),
        documents.docx("Dear Anna", [["a", "b"], ["c", "d"]], "\f", "荷物", header="H", note="N"),
        documents.docx("Dear Anna", [["a", "b"], ["c", "d"]], "\f", "荷物", header="H", note="N"),
        documents.picture(["Bill"], ".png", 200, 120),
        documents.picture(["Bill"], ".jpg", 200, 120),
        documents.tiff(["Bill"]),
    ]
    weights = [6, 4, 3, 4, 1, 1, 1]
    outcomes: Counter[str] = Counter()
    with EngineHost({}, Cache(), Ledger(1, 4 << 30)) as host:
        reader = host.get("document-text")
        for _ in range(DOCUMENTS):
            at = chance.choices(range(len(sound)), weights)[0]
            data = mutated_word(sound[at], chance) if at == 3 else mutated(sound[at], chance)
            try:
                reader.read(data, 1, 3)
                outcomes["read"] += 1
            except (DamagedInput, UnsupportedInput) as error:
                assert str(error)
                outcomes["refused"] += 1
            except (EngineCrashed, EngineTimeout) as error:
                outcomes[type(error).__name__] += 1
        assert reader.read(sound[0]).pages[0].text.startswith("Invoice 4711")
    assert outcomes["EngineCrashed"] + outcomes["EngineTimeout"] <= DOCUMENTS // 200, outcomes
    assert outcomes["read"] > DOCUMENTS // 4 and outcomes["refused"] > DOCUMENTS // 20, outcomes
    assert sum(outcomes.values()) == DOCUMENTS
