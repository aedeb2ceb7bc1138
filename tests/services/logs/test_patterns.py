import json

import pytest

from honmono.services.logs.pattern_syntax import PatternError
from honmono.services.logs.patterns import compile_pattern


def matches(pattern: str, message: str) -> bool:
    return compile_pattern(pattern)(message) is not None


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        ("", "anything", True),
        ("ERROR", "an ERROR here", True),
        ("ERROR", "an error here", False),
        ("ERROR disk", "disk ERROR", True),
        ("ERROR disk", "ERROR", False),
        ('"disk full"', "the disk full of", True),
        ('"disk full"', "full disk", False),
        ("?ERROR ?WARN", "a WARN", True),
        ("?ERROR ?WARN", "an INFO", False),
        ("ERROR -debug", "ERROR", True),
        ("ERROR -debug", "ERROR debug", False),
        ('-"all good"', "all good", False),
        ("%4[0-9]{2}%", "status 404", True),
        ("%4[0-9]{2}%", "status 500", False),
    ],
)
def test_terms(pattern: str, message: str, expected: bool) -> None:
    assert matches(pattern, message) is expected


EVENT = {
    "status": 503,
    "path": "/api/users",
    "user": {"id": 7, "admin": True, "name": None},
    "errors": ["timeout", "retry"],
    "ip": "10.0.0.9",
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{ $.status = 503 }", True),
        ("{ $.status = 50* }", True),
        ("{ $.status >= 500 && $.status < 600 }", True),
        ("{ $.status > 503 }", False),
        ('{ $.path = "/api/*" }', True),
        ('{ $.path != "/api/*" }', False),
        ("{ $.path = %/api/[a-z]+% }", True),
        ("{ ($.status = 200) || ($.user.id = 7) }", True),
        ("{ $.status = 200 || $.status = 404 && $.user.id = 7 }", False),
        ("{ $.user.admin IS TRUE }", True),
        ("{ $.user.name IS NULL }", True),
        ("{ $.user.missing IS NULL }", False),
        ("{ $.user.missing NOT EXISTS }", True),
        ("{ $.user.id NOT EXISTS }", False),
        ('{ $.errors[1] = "retry" }', True),
        ('{ $.errors[0] = "retry" }', False),
        ('{ $.errors[*] = "retry" }', True),
        ("{ $.ip = 10.0.0.0/8 }", True),
        ("{ $.ip = 192.168.0.0/16 }", False),
        ('{ $["status"] = 503 }', True),
    ],
)
def test_json(pattern: str, expected: bool) -> None:
    assert matches(pattern, json.dumps(EVENT)) is expected


def test_json_patterns_pass_over_what_is_no_json() -> None:
    assert not matches("{ $.a = 1 }", "a = 1")


LINE = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[ip, id, user, timestamp, request, status, bytes]", True),
        ("[ip, id, user, timestamp, request, status = 4*, bytes > 1000]", True),
        ("[ip, id, user, timestamp, request, status = 4*, bytes > 2000]", False),
        ("[ip, id, user, timestamp, request, status = 200 || status = 404, bytes]", True),
        ("[ip, ..., bytes]", True),
        ('[..., request = "*html*", status, bytes]', True),
        ("[ip = 127.0.0.1, ...]", True),
        ("[ip != 127.0.0.1, ...]", False),
        ("[ip, user]", False),
    ],
)
def test_space_delimited(pattern: str, expected: bool) -> None:
    assert matches(pattern, LINE) is expected


def test_values_are_extracted() -> None:
    assert compile_pattern("[ip, ..., status, bytes]")(LINE) == {
        "$ip": "127.0.0.1",
        "$2": "-",
        "$3": "frank",
        "$4": "10/Oct/2000:13:25:15 -0700",
        "$5": "GET /index.html HTTP/1.0",
        "$status": "404",
        "$bytes": "1534",
    }
    assert compile_pattern("{ $.status = 5* }")(json.dumps(EVENT)) == {"$.status": "503"}


@pytest.mark.parametrize(
    "pattern",
    ["{ $.a = }", "{ a = 1 }", "{ $.a = 1", "{ $.a > red }", "[a, b", "[a = ]", "[..., ...]", "[,]", '"open', "%(%"],
)
def test_what_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)("x")


def test_a_slow_expression_is_refused_and_wildcards_are_never_slow() -> None:
    with pytest.raises(PatternError, match="takes too long"):
        matches("%(a+)+$%", "a" * 5000 + "b")
    assert not matches('{ $.a = "' + "*a" * 300 + '" }', json.dumps({"a": "a" * 5000 + "b"}))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(PatternError, match="nested too deeply"):
        compile_pattern("{ " + "(" * 400 + "$.a = 1" + ")" * 400 + " }")
