from itertools import pairwise

import pytest
from botocore.loaders import Loader

from honmono.engines.base import UnsupportedLanguage
from honmono.engines.text.pii import TYPES, PiiEngine, detect
from honmono.weights import Cache


def found(text, language="en"):
    return [(entity.type, text[entity.begin : entity.end]) for entity in detect(text, language)]


def test_the_types_are_those_of_the_service():
    model = Loader().load_service_model("comprehend", "service-2")
    assert set(TYPES) == set(model["shapes"]["PiiEntityType"]["enum"]) - {"ALL"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PAN: ABCPE1234F", ("IN_PERMANENT_ACCOUNT_NUMBER", "ABCPE1234F")),
        ("card 3782-822463-10005 declined", ("CREDIT_DEBIT_NUMBER", "3782-822463-10005")),
        ("Your credit account 5555 5555 5555 4444 is due", ("CREDIT_DEBIT_NUMBER", "5555 5555 5555 4444")),
        ("IBAN GB82 WEST 1234 5698 7654 32 please", ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "GB82 WEST 1234 5698 7654 32")),
        ("NHS number: 943 476 5919", ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "943 476 5919")),
        ("VIN 1M8GDM9AXKP042788", ("VEHICLE_IDENTIFICATION_NUMBER", "1M8GDM9AXKP042788")),
        ("routing number 021000021", ("BANK_ROUTING", "021000021")),
        ("SIN: 046 454 286", ("CA_SOCIAL_INSURANCE_NUMBER", "046 454 286")),
        ("aadhaar 2341 2341 2346", ("IN_AADHAAR", "2341 2341 2346")),
        ("my pin is 4821", ("PIN", "4821")),
        ('"cvv": "123"', ("CREDIT_DEBIT_CVV", "123")),
        ("expires 09/28", ("CREDIT_DEBIT_EXPIRY", "09/28")),
        ("password = hunter2!", ("PASSWORD", "hunter2!")),
        ("peer 2001:db8::8a2e:370:7334 up", ("IP_ADDRESS", "2001:db8::8a2e:370:7334")),
        ("from 00:1B:44:11:3A:B7", ("MAC_ADDRESS", "00:1B:44:11:3A:B7")),
        ("She is 42 years old", ("AGE", "42 years old")),
        ("due 3 March 2024", ("DATE_TIME", "3 March 2024")),
        ("see www.example.org/a?b=1.", ("URL", "www.example.org/a?b=1")),
        ("send it to 12 Elm Street, Albany, NY 12207 today", ("ADDRESS", "12 Elm Street, Albany, NY 12207")),
        ("call +44 20 7946 0958 now", ("PHONE", "+44 20 7946 0958")),
    ],
)  # fmt: skip
def test_a_value_is_found_where_it_stands(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "card 3782-822463-10006 declined",
        "IBAN GB83 WEST 1234 5698 7654 32 please",
        "VIN 1M8GDM9A1KP042788",
        "aadhaar 2341 2341 2347",
        "SSN 000-12-3456 and 666-12-3456",
        "due 31/02/2024 or 2024-13-01",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "order 4471-99-20 of version 10.4.2.1",
        "ratio 16:9, 3 of 10, 12.5%, $1,200.50",
        "Goldman Sachs, Madison Square and the Jordan River",
        "password reset is easy",
        "999.1.2.3 is no address",
        "user and password are wrong",
    ],
)
def test_look_alikes_are_refused(text):
    assert found(text) == []


def test_each_layout_gives_the_same_values():
    expected = {("NAME", "Ana Torres"), ("BANK_ACCOUNT_NUMBER", "48210077"), ("EMAIL", "ana@example.org")}
    layouts = [
        "Name: Ana Torres\nAccount no.: 48210077\nMail: ana@example.org",
        '{"name": "Ana Torres", "account_number": "48210077", "email": "ana@example.org"}',
        "name,account_number,email\nAna Torres,48210077,ana@example.org\n",
        "| Name | Account | Mail |\n|---|---|---|\n| Ana Torres | 48210077 | ana@example.org |",
        "<name>Ana Torres</name><account>48210077</account><email>ana@example.org</email>",
    ]
    for layout in layouts:
        assert set(found(layout)) == expected, layout


def test_names_stand_by_title_greeting_farewell_and_list():
    assert found("Dr. Zbqxi Qorv saw us.") == [("NAME", "Zbqxi Qorv")]
    assert found("Dear Zbqxi,\nall is well.\nKind regards,\nQorv Zbqxi") == [("NAME", "Zbqxi"), ("NAME", "Qorv Zbqxi")]
    assert found("We met Helen Campbell there.") == [("NAME", "Helen Campbell")]
    assert found("We met Zbqxi Qorv there.") == []


def test_a_recogniser_of_names_can_be_added():
    text = "We met Zbqxi Qorv there."
    entities = detect(text, "en", lambda text, language: [(7, 17, 0.6)])
    assert [(entity.type, entity.score, text[entity.begin : entity.end]) for entity in entities] == [
        ("NAME", 0.6, "Zbqxi Qorv")
    ]


def test_spanish_labels_and_forms():
    text = "Me llamo Lucía Ortega, mi contraseña es Sol#2201 y mi móvil 612 345 678. Vivo en C/ Goya, 7, 28001 Madrid."
    assert found(text, "es") == [
        ("NAME", "Lucía Ortega"),
        ("PASSWORD", "Sol#2201"),
        ("PHONE", "612 345 678"),
        ("ADDRESS", "C/ Goya, 7, 28001 Madrid"),
    ]


def test_entities_are_in_order_and_do_not_overlap():
    entities = detect(
        "Ana Torres ana@example.org www.ana.example 10.0.0.1 4111 1111 1111 1111 520-555-0134 " * 20, "en"
    )
    assert len(entities) >= 100
    assert all(left.end <= right.begin for left, right in pairwise(entities))
    assert all(0 < entity.score <= 1 for entity in entities)


def test_the_engine_answers_each_text_in_its_language_and_refuses_others():
    engine = PiiEngine(Cache())
    engine.load()
    one, other = engine.detect(["a@b.org", "nada"], ["en", "es"])
    assert [entity.type for entity in one] == ["EMAIL"]
    assert other == []
    with pytest.raises(UnsupportedLanguage, match="'ja'"):
        engine.detect.one("a", "ja")
