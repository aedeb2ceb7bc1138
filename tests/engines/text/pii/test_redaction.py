import pytest

from honmono.engines.text.pii import PiiEntity, detect, redact

TEXT = "👩 Ana: ana@example.org, 10.1.2.3."


def test_values_are_replaced_by_their_types_or_masked_character_by_character():
    entities = detect(TEXT, "en")
    assert redact(TEXT, entities) == "👩 Ana: [EMAIL], [IP_ADDRESS]."
    assert redact(TEXT, entities, "MASK") == "👩 Ana: ***************, ********."
    assert redact(TEXT, entities, "MASK", "#", ["IP_ADDRESS"]) == "👩 Ana: ana@example.org, ########."
    assert redact(TEXT, entities, types=["ALL"]) == redact(TEXT, entities)


def test_what_cannot_be_redacted_is_refused():
    overlapping = [PiiEntity("NAME", 0, 4, 1.0, "label"), PiiEntity("NAME", 2, 6, 1.0, "label")]
    with pytest.raises(ValueError, match="2-6"):
        redact("abcdefgh", overlapping)
    with pytest.raises(ValueError, match="one character"):
        redact("abc", [], "MASK", "**")
