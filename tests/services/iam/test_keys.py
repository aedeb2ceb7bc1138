from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from honmono.services.iam import keys as module
from honmono.services.iam.keys import AccessKeys, KeyMissing, UserMissing
from honmono.store import Database, Records, Scope
from honmono.wire.signature import Refusal, SignatureError

ACCOUNT = "000000000000"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "honmono.sqlite")
    yield database
    database.close()


@pytest.fixture
def keys(database: Database) -> AccessKeys:
    return AccessKeys(database, ACCOUNT, development_key=True)


def refusal(keys: AccessKeys, access_key: str, token: str | None) -> Refusal:
    with pytest.raises(SignatureError) as caught:
        keys.lookup(access_key, token)
    return caught.value.kind


def test_development_key_is_root_of_the_account(keys: AccessKeys) -> None:
    found = keys.lookup("test", None)
    assert found is not None
    assert found.secret_key == "test"
    assert found.identity.principal == "arn:aws:iam::000000000000:root"


def test_without_the_development_key_test_is_unknown(database: Database) -> None:
    assert AccessKeys(database, ACCOUNT, development_key=False).lookup("test", None) is None


def test_peers_keys_need_a_switch(database: Database, keys: AccessKeys) -> None:
    assert keys.lookup("FOOBARKEY", None) is None
    foreign = AccessKeys(database, ACCOUNT, development_key=True, foreign_keys=True).lookup("FOOBARKEY", None)
    assert foreign is not None
    assert (foreign.secret_key, foreign.identity.account) == ("FOOBARSECRET", "123456789012")


def test_a_made_key_is_found_also_after_a_restart(database: Database, keys: AccessKeys) -> None:
    access_key, secret = keys.create_key()
    with pytest.raises(UserMissing):
        keys.create_key("ann")
    arn = "arn:aws:iam::000000000000:user/staff/ann"
    Records(database).create(Scope(ACCOUNT, "", "iam"), "user", "ann", {"id": "AIDAANN"}, arn=arn)
    other_key, other_secret = keys.create_key("ann")
    again = AccessKeys(database, ACCOUNT, development_key=False)
    root, ann = again.lookup(access_key, None), again.lookup(other_key, None)
    assert root is not None
    assert ann is not None
    assert (root.secret_key, root.identity.principal) == (secret, "arn:aws:iam::000000000000:root")
    assert (ann.secret_key, ann.identity.principal) == (other_secret, arn)
    assert [key.id for key in again.list()] == [access_key, other_key]
    assert [key.id for key in again.list(user="ann")] == [other_key]


def test_inactive_and_deleted_keys_are_refused_at_once(keys: AccessKeys) -> None:
    access_key, _ = keys.create_key()
    assert keys.lookup(access_key, None)
    keys.set_status(access_key, "Inactive")
    assert keys.lookup(access_key, None) is None
    keys.set_status(access_key, "Active")
    assert keys.lookup(access_key, None)
    keys.delete_key(access_key)
    assert keys.lookup(access_key, None) is None
    with pytest.raises(KeyMissing):
        keys.delete_key(access_key)


def test_temporary_credentials_need_their_token_and_expire(keys: AccessKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    role = "arn:aws:sts::000000000000:assumed-role/r/s"
    made = keys.create_session(ACCOUNT, role, "AROAX:s", timedelta(minutes=15))
    found = keys.lookup(made.id, made.token)
    assert found is not None
    assert (found.secret_key, found.identity.principal) == (made.secret, role)
    assert refusal(keys, made.id, None) is Refusal.INVALID_TOKEN
    assert refusal(keys, made.id, "another") is Refusal.INVALID_TOKEN
    lasting, _ = keys.create_key()
    assert refusal(keys, lasting, made.token) is Refusal.INVALID_TOKEN
    later = made.expires.timestamp() + 1 if made.expires else 0
    monkeypatch.setattr(module.time, "time", lambda: later)
    assert refusal(keys, made.id, made.token) is Refusal.EXPIRED_TOKEN


def test_sweep_deletes_what_expired_long_ago(keys: AccessKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keys.create_session(ACCOUNT, "arn:x", "AROAX:s", timedelta(minutes=15))
    assert keys.sweep() == 0
    now = module.clock.now()
    monkeypatch.setattr(module.clock, "now", lambda: now + 2 * 86_400_000_000)
    assert keys.sweep() == 1
    assert keys.lookup(made.id, made.token) is None
