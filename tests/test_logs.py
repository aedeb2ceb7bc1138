from __future__ import annotations

import io
import json
import logging
import time

import pytest

from honmono import logs


@pytest.fixture
def begun():
    """Begin a log into a text; what logging was before comes back afterwards."""
    root, flags = logging.getLogger(), ("logThreads", "logProcesses", "logMultiprocessing")
    before = (root.handlers[:], root.level, logging.getLogger("honmono").level, [getattr(logging, f) for f in flags])
    handlers = []

    def begin(form, **options):
        stream = io.StringIO()
        handlers.append(logs.begin(form, stream=stream, **options))
        return stream

    yield begin
    for handler in handlers:
        handler.close()
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("honmono").setLevel(before[2])
    for flag, value in zip(flags, before[3], strict=True):
        setattr(logging, flag, value)


def until(condition, seconds=3.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_record_is_one_line_whatever_is_in_it(begun):
    stream = begun("text")
    logging.getLogger("honmono.x").info("GET %s", "/a\r\n2026-01-01 forged line")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(r"GET /a\r\n2026-01-01 forged line")


def test_a_record_commands_no_terminal(begun):
    stream = begun("text")
    logging.getLogger("honmono.x").info("GET %s", "/日本 \x1b[2J\x07\x9b1m\x00")
    assert stream.getvalue().rstrip("\n").endswith(r"GET /日本 \x1b[2J\x07\x9b1m\x00")


def test_levels_are_said_and_tracebacks_follow(begun):
    stream = begun("text")
    try:
        raise KeyError("gone")
    except KeyError:
        logging.getLogger("honmono.x").exception("it failed")
    first, *rest = stream.getvalue().splitlines()
    assert "ERROR it failed" in first
    assert rest[-1] == "KeyError: 'gone'"


def test_json_lines_have_the_fields_and_what_was_added(begun):
    stream = begun("json")
    logging.getLogger("honmono.x").warning("full at %d %%", 90, extra={"event": "full", "free": 3})
    line = json.loads(stream.getvalue())
    assert line["level"] == "warning"
    assert line["logger"] == "honmono.x"
    assert line["message"] == "full at 90 %"
    assert (line["event"], line["free"]) == ("full", 3)
    assert line["time"].endswith("+00:00")


def test_access_records_are_gathered_and_keep_their_order(begun):
    stream = begun("text")
    for number in range(3):
        logging.getLogger("honmono.access").info("request %d", number)
    assert stream.getvalue() == "", "they cost the request nothing but a place in a queue"
    until(lambda: stream.getvalue().count("\n") == 3)
    logging.getLogger("honmono.access").info("request 3")
    logging.getLogger("honmono").info("then this")
    assert [line.split(" ", 2)[2] for line in stream.getvalue().splitlines()] == [
        *(f"request {number}" for number in range(4)),
        "then this",
    ]


def test_close_writes_what_waits_and_may_come_twice(begun):
    stream = begun("text")
    logging.getLogger("honmono.access").info("last words")
    handler = logging.getLogger().handlers[0]
    handler.close()
    handler.close()
    assert "last words" in stream.getvalue()


def test_a_lost_output_does_not_stop_the_work(begun):
    stream = begun("text")
    stream.close()
    logging.getLogger("honmono.x").error("nobody hears this")


def test_a_request_becomes_fields(begun, server):
    stream = begun("json")
    server.client("comprehend").detect_dominant_language(Text="Guten Morgen, liebe Leute")
    with pytest.raises(Exception, match="NoSuchBucket"):
        server.client("s3").list_objects_v2(Bucket="nothing-here")
    until(lambda: stream.getvalue().count("operation") == 2)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    first, second = (line for line in lines if line["logger"] == "honmono.access")
    assert (first["operation"], first["status"]) == ("comprehend.DetectDominantLanguage", 200)
    assert first["engine"]
    assert first["milliseconds"] > 0
    assert (second["operation"], second["status"]) == ("s3.ListObjectsV2", 404)
    assert first["request_id"] != second["request_id"]
