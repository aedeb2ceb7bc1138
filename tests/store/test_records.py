import threading
from datetime import UTC, datetime

import pytest

from honmono.store import (
    BadPageToken,
    Database,
    NestedTransaction,
    NotStorable,
    RecordChanged,
    RecordExists,
    RecordMissing,
    Records,
    Scope,
)

HERE = Scope("000000000000", "us-east-1", "comprehend")
ELSEWHERE = Scope("000000000000", "eu-west-1", "comprehend")


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database)


def test_a_created_record_is_read_back_as_it_was(records):
    before = datetime.now(UTC)
    body = {"Languages": ["en", "日本語"], "Nested": {"Score": 0.25, "None": None}}
    made = records.create(HERE, "model", "a", body, arn="arn:a", status="TRAINING", tags={"team": "blue"})
    read = records.get(HERE, "model", "a")
    assert read == made
    assert read.body == body
    assert (read.status, read.tags, read.version) == ("TRAINING", {"team": "blue"}, 1)
    assert before <= read.created <= datetime.now(UTC)
    assert records.by_arn("arn:a") == made


def test_names_are_unique_in_scope_and_kind_and_arns_over_all(records):
    records.create(HERE, "model", "a", {"n": 1}, arn="arn:a")
    with pytest.raises(RecordExists, match="model a"):
        records.create(HERE, "model", "a", {"n": 2}, arn="arn:other")
    with pytest.raises(RecordExists, match="arn:a"):
        records.create(HERE, "model", "b", {"n": 2}, arn="arn:a")
    records.create(ELSEWHERE, "model", "a", {"n": 3}, arn="arn:elsewhere")
    records.create(HERE, "endpoint", "a", {"n": 4}, arn="")
    records.create(HERE, "endpoint", "b", {"n": 5}, arn="")
    assert records.get(HERE, "model", "a").body == {"n": 1}
    assert records.get(ELSEWHERE, "model", "a").body == {"n": 3}
    assert records.get(HERE, "endpoint", "a").arn == ""


def test_what_is_missing_is_named(records):
    for call in (records.get, records.delete):
        with pytest.raises(RecordMissing, match="model ghost"):
            call(HERE, "model", "ghost")
    with pytest.raises(RecordMissing, match="model ghost"):
        records.modify(HERE, "model", "ghost", lambda record: record.body)
    with pytest.raises(RecordMissing, match="arn:ghost"):
        records.by_arn("arn:ghost")
    with pytest.raises(RecordMissing, match="arn:ghost"):
        records.set_tags("arn:ghost", {"a": "b"})


def test_an_update_of_what_somebody_else_changed_is_refused(records):
    mine = records.create(HERE, "model", "a", {"n": 1}, arn="arn:a", status="NEW")
    theirs = records.update(records.get(HERE, "model", "a"), body={"n": 2})
    with pytest.raises(RecordChanged):
        records.update(mine, body={"n": 3})
    assert records.get(HERE, "model", "a") == theirs
    assert (theirs.body, theirs.status, theirs.version) == ({"n": 2}, "NEW", 2)
    done = records.update(theirs, status="DONE")
    assert (done.body, done.status, done.version) == ({"n": 2}, "DONE", 3)
    assert done.updated >= theirs.updated >= theirs.created
    records.delete(HERE, "model", "a")
    with pytest.raises(RecordChanged):
        records.update(done, status="LATE")


def test_concurrent_modifications_all_count(records):
    records.create(HERE, "counter", "c", {"n": 0}, arn="")

    def count() -> None:
        for _ in range(10):
            records.modify(HERE, "counter", "c", lambda record: {"n": record.body["n"] + 1})

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert records.get(HERE, "counter", "c").body == {"n": 60}


def test_a_transaction_is_all_or_nothing(records, database):
    with pytest.raises(RecordExists), database.transaction() as tx:
        records.create(HERE, "model", "a", {}, arn="", tx=tx)
        assert records.get(HERE, "model", "a", tx=tx).name == "a"
        records.create(HERE, "model", "a", {}, arn="", tx=tx)
    with pytest.raises(RecordMissing):
        records.get(HERE, "model", "a")


def test_a_taken_name_leaves_the_callers_transaction_usable(records, database):
    records.create(HERE, "model", "a", {}, arn="")
    with database.transaction() as tx:
        with pytest.raises(RecordExists):
            records.create(HERE, "model", "a", {}, arn="", tx=tx)
        records.create(HERE, "model", "b", {}, arn="", tx=tx)
    assert records.get(HERE, "model", "b").version == 1


def test_a_read_sees_only_what_is_committed(records, database):
    with database.transaction() as tx:
        records.create(HERE, "model", "a", {}, arn="", tx=tx)
        with pytest.raises(RecordMissing):
            records.get(HERE, "model", "a")
    assert records.get(HERE, "model", "a")


def test_a_transaction_within_a_transaction_is_an_error_not_a_hang(records, database):
    with pytest.raises(NestedTransaction, match="tx"), database.transaction():
        records.create(HERE, "model", "a", {}, arn="")
    records.create(HERE, "model", "a", {}, arn="")


def test_callbacks_run_after_the_commit_and_only_then(records, database):
    seen = []

    def look() -> None:
        seen.append(records.get(HERE, "model", "a").name)

    with database.transaction() as tx:
        database.after_commit(tx, look)
        records.create(HERE, "model", "a", {}, arn="", tx=tx)
    assert seen == ["a"]
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        database.after_commit(tx, look)
        raise ZeroDivisionError
    assert seen == ["a"]


@pytest.mark.parametrize("order", ["name", "created"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_meet_every_record_once_in_order(records, order, descending):
    names = ["b", "a", "ü", "Z", "10", "9", "日本"]
    for name in names:
        records.create(HERE, "model", name, {}, arn="")
    records.create(HERE, "other", "x", {}, arn="")
    records.create(ELSEWHERE, "model", "y", {}, arn="")
    expected = sorted(names) if order == "name" else names
    met, token = [], None
    while True:
        page = records.list(HERE, "model", after=token, limit=3, order=order, descending=descending)
        met += [record.name for record in page]
        if page.next is None:
            break
        token = page.next
    assert met == (expected[::-1] if descending else expected)


def test_a_full_last_page_has_no_next(records):
    for name in "abcd":
        records.create(HERE, "model", name, {}, arn="")
    first = records.list(HERE, "model", limit=2)
    assert first.next is not None
    assert records.list(HERE, "model", limit=2, after=first.next).next is None


def test_paging_goes_on_after_the_record_it_stopped_at_is_deleted(records):
    for name in "abcd":
        records.create(HERE, "model", name, {}, arn="")
    page = records.list(HERE, "model", limit=2)
    records.delete(HERE, "model", "b")
    assert [record.name for record in records.list(HERE, "model", after=page.next)] == ["c", "d"]


def test_a_list_filters_by_prefix_and_status(records):
    for name, status in [("cat-1", "UP"), ("cat-2", "DOWN"), ("Cat-3", "UP"), ("c%t-4", "UP"), ("dog", "UP")]:
        records.create(HERE, "model", name, {}, arn="", status=status)
    assert [record.name for record in records.list(HERE, "model", prefix="cat")] == ["cat-1", "cat-2"]
    assert [record.name for record in records.list(HERE, "model", prefix="c%t")] == ["c%t-4"]
    assert [record.name for record in records.list(HERE, "model", prefix="cat", status="UP")] == ["cat-1"]


@pytest.mark.parametrize("token", ["", "x", "WyJhIl0x", "bnVsbA", "WzFd", "日本", "A" * 5000, "WyJhIiwxXQ"])
def test_a_forged_paging_token_is_refused(records, token):
    records.create(HERE, "model", "a", {}, arn="")
    with pytest.raises(BadPageToken):
        records.list(HERE, "model", after=token, order="created")


def test_tags_merge_and_go_away(records):
    made = records.create(HERE, "model", "a", {}, arn="arn:a", tags={"x": "1", "y": "2"})
    records.set_tags("arn:a", {"y": "3", "z": "4"})
    assert records.tags("arn:a") == {"x": "1", "y": "3", "z": "4"}
    records.remove_tags("arn:a", ["x", "nothing"])
    assert records.get(HERE, "model", "a").tags == {"y": "3", "z": "4"}
    records.update(made, body={"n": 1})  # tagging is no update: what was read before it can still be updated
    assert records.tags("arn:a") == {"y": "3", "z": "4"}
    records.delete(HERE, "model", "a")
    records.create(HERE, "model", "a", {}, arn="arn:a")
    assert records.tags("arn:a") == {}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"a": {"b": [1, b"bytes"]}}, r"\$\.a\.b\[1\]"),
        ({"when": datetime.now(UTC)}, r"\$\.when"),
        ({1: "a"}, "key 1"),
        ({"n": 2**70}, "64 bits"),
    ],
)
def test_what_is_not_json_is_refused_and_pointed_at(records, body, where):
    with pytest.raises(NotStorable, match=where):
        records.create(HERE, "model", "a", body, arn="")
    with pytest.raises(RecordMissing):
        records.get(HERE, "model", "a")


def test_clear_forgets_everything(records):
    records.create(HERE, "model", "a", {}, arn="arn:a")
    records.create(ELSEWHERE, "model", "a", {}, arn="")
    records.clear()
    assert records.list(HERE, "model").items == records.list(ELSEWHERE, "model").items == []
    records.create(HERE, "model", "a", {"n": 2}, arn="arn:a")
    assert records.by_arn("arn:a").body == {"n": 2}
