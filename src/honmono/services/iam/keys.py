"""Access keys: who holds which, and the lookup that every signed request goes through.

Secrets are stored as they are. HMAC needs the secret itself, so no hash of it would do; the permissions of the
data directory (or of the PostgreSQL database) are what protects them.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from honmono.services.iam.identifiers import unique_id
from honmono.store import clock, documents
from honmono.store.database import Database
from honmono.store.errors import RecordMissing
from honmono.store.keys_schema import access_keys
from honmono.store.records import Records, Scope
from honmono.wire.service import Identity
from honmono.wire.signature import Refusal, Secret, SignatureError

Status = Literal["Active", "Inactive", "Expired"]

DEVELOPMENT_KEY: Final = "test"
DEVELOPMENT_SECRET: Final = "test"

FOREIGN_KEYS: Final[Mapping[str, tuple[str, str]]] = {
    "FOOBARKEY": ("FOOBARSECRET", "123456789012"),
    "testing": ("testing", "123456789012"),
}
"""The keys that the test suites of other emulators sign with: id → (secret, account)."""

# Another process that shares the database may switch a key off; so long may we not notice.
_SHARED_SECONDS = 5.0
_FOREVER = float("inf")


class KeyMissing(LookupError):
    """There is no access key of this id."""


class UserMissing(LookupError):
    """There is no IAM user of this name."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key as it is stored.

    ``user`` is the name of the IAM user that holds it, None for a root key or a temporary one. ``token`` and
    ``expires`` are set for temporary ones; ``session`` is what narrows those: session policies and tags.
    """

    id: str
    secret: str
    account: str
    user: str | None
    principal: str
    principal_id: str
    token: str | None
    status: Status
    session: Mapping[str, Any]
    created: datetime
    expires: datetime | None


@dataclass(slots=True)
class _Known:
    """What the cache holds of a key; times are of time.time()."""

    secret: Secret[Identity]
    token: bytes | None
    expires: float
    fresh_until: float


class AccessKeys:
    """The access keys of every account.

    With ``development_key`` the well-known pair test/test is the root of ``account``, whatever session token comes
    with it. With ``foreign_keys`` the pairs of FOREIGN_KEYS are the roots of theirs: only for a server on loopback
    whose state may be reset.
    """

    def __init__(self, database: Database, account: str, *, development_key: bool, foreign_keys: bool = False) -> None:
        self._database = database
        self._records = Records(database)
        self._account = account
        self._cache: dict[str, _Known] = {}
        self._changes = 0
        self._well_known: dict[str, Secret[Identity]] = {}
        self._lifetime = _SHARED_SECONDS if database.shared else _FOREVER
        if development_key:
            self._well_known[DEVELOPMENT_KEY] = _root_secret(DEVELOPMENT_KEY, DEVELOPMENT_SECRET, account)
        if foreign_keys:
            for key, (secret, owner) in FOREIGN_KEYS.items():
                self._well_known[key] = _root_secret(key, secret, owner)

    def lookup(self, access_key: str, session_token: str | None) -> Secret[Identity] | None:
        """The secret of a key, as ``wire.signature`` asks for it; None for one that is unknown or switched off.

        Raises:
            SignatureError: INVALID_TOKEN, the session token is not the key's; EXPIRED_TOKEN, its time is over.
        """
        known = self._cache.get(access_key)
        if known is None or known.fresh_until < time.time():
            if access_key in self._well_known:
                return self._well_known[access_key]
            known = self._remember(access_key)
            if known is None:
                return None
        if known.token is None:
            if session_token:
                raise SignatureError(Refusal.INVALID_TOKEN)
            return known.secret
        if session_token is None or not hmac.compare_digest(known.token, session_token.encode()):
            raise SignatureError(Refusal.INVALID_TOKEN)
        if known.expires <= time.time():
            raise SignatureError(Refusal.EXPIRED_TOKEN)
        return known.secret

    def _remember(self, access_key: str) -> _Known | None:
        self._cache.pop(access_key, None)
        changes = self._changes
        try:
            key = self.get(access_key)
        except KeyMissing:
            return None
        if key.status != "Active":
            return None
        known = _Known(
            Secret(key.secret, Identity(key.account, key.principal, key.id)),
            key.token.encode() if key.token else None,
            key.expires.timestamp() if key.expires else _FOREVER,
            time.time() + self._lifetime,
        )
        if changes == self._changes:  # else what was read may be what was before the change
            self._cache[access_key] = known
        return known

    def get(self, access_key: str, *, tx: Connection | None = None) -> AccessKey:
        """A key by its id, the well-known ones included.

        Raises:
            KeyMissing: there is none.
        """
        well_known = self._well_known.get(access_key)
        if well_known is not None:
            return _root_key(well_known)
        with self._database.reading(tx) as connection:
            row = connection.execute(select(access_keys).where(access_keys.c.id == access_key)).first()
        if row is None:
            raise KeyMissing(f"There is no access key {access_key}")
        return _key(row)

    def list(
        self, account: str | None = None, *, user: str | None = None, tx: Connection | None = None
    ) -> list[AccessKey]:
        """The lasting keys of an account, oldest first; those of one user, where one is named.

        ``account`` None means the server's own.
        """
        query = select(access_keys).where(
            access_keys.c.account == (account or self._account), access_keys.c.token.is_(None)
        )
        if user is not None:
            query = query.where(access_keys.c.user_name == user)
        with self._database.reading(tx) as connection:
            rows = connection.execute(query.order_by(access_keys.c.created, access_keys.c.id)).all()
        return [_key(row) for row in rows]

    def create_key(
        self, user: str | None = None, *, account: str | None = None, tx: Connection | None = None
    ) -> tuple[str, str]:
        """Make a lasting key pair; the answer is its id and its secret, which is told nowhere else.

        Args:
            user: the IAM user that gets it; None for the account's root.
            account: whose; None for the server's own.
            tx: the transaction to join.

        Raises:
            UserMissing: there is no such user.
        """
        account = account or self._account
        access_key, secret = unique_id("AKIA"), secrets.token_urlsafe(30)
        with self._database.joined(tx) as connection:
            principal, principal_id = self._holder(account, user, connection)
            row = {
                "id": access_key,
                "secret": secret,
                "account": account,
                "user_name": user,
                "principal": principal,
                "principal_id": principal_id,
                "token": None,
                "status": "Active",
                "session": None,
                "created": clock.now(),
                "expires": None,
            }
            connection.execute(insert(access_keys), row)
        return access_key, secret

    def _holder(self, account: str, user: str | None, tx: Connection) -> tuple[str, str]:
        """The ARN and the unique id of a user, or of the root."""
        if user is None:
            return _root_arn(account), account
        try:
            record = self._records.get(Scope(account, "", "iam"), "user", user, tx=tx)
        except RecordMissing as error:
            raise UserMissing(f"There is no IAM user {user} in the account {account}") from error
        return record.arn, record.body["id"]

    def create_session(
        self,
        account: str,
        principal: str,
        principal_id: str,
        lasts: timedelta,
        *,
        session: Mapping[str, Any] | None = None,
        tx: Connection | None = None,
    ) -> AccessKey:
        """Make temporary credentials for a principal: a role's session, a federated user, a user's session.

        Expired ones are swept on the way.
        """
        now = clock.now()
        access_key = unique_id("ASIA")
        row = {
            "id": access_key,
            "secret": secrets.token_urlsafe(30),
            "account": account,
            "user_name": None,
            "principal": principal,
            "principal_id": principal_id,
            "token": secrets.token_urlsafe(96),
            "status": "Active",
            "session": documents.dump(dict(session or {}), "The session"),
            "created": now,
            "expires": now + round(lasts.total_seconds()) * 1_000_000,
        }
        with self._database.joined(tx) as connection:
            self.sweep(tx=connection)
            connection.execute(insert(access_keys), row)
        return self.get(access_key, tx=tx)

    def sweep(self, *, tx: Connection | None = None) -> int:
        """Delete the temporary credentials that expired over a day ago; until then they are told "expired".

        The answer is how many.
        """
        with self._database.joined(tx) as connection:
            limit = clock.now() - 86_400_000_000
            gone = connection.execute(
                delete(access_keys).where(access_keys.c.expires < limit).returning(access_keys.c.id)
            ).all()
        for (key,) in gone:
            self._cache.pop(key, None)  # expired: nobody can be let in by it
        return len(gone)

    def set_status(self, access_key: str, status: Status) -> None:
        """Switch a key on or off.

        Raises:
            KeyMissing: there is none.
        """
        change = update(access_keys).where(access_keys.c.id == access_key).values(status=status)
        with self._database.transaction() as tx:
            self._database.after_commit(tx, self.forget)
            if tx.execute(change).rowcount != 1:
                raise KeyMissing(f"There is no access key {access_key}")

    def delete_key(self, access_key: str, *, tx: Connection | None = None) -> None:
        """Delete a key.

        Raises:
            KeyMissing: there is none.
        """
        with self._database.joined(tx) as connection:
            self._database.after_commit(connection, self.forget)
            if connection.execute(delete(access_keys).where(access_keys.c.id == access_key)).rowcount != 1:
                raise KeyMissing(f"There is no access key {access_key}")

    def rename_user(self, account: str, user: str, new_name: str, principal: str, *, tx: Connection) -> None:
        """Let the keys of a user follow its new name and ARN."""
        held = (access_keys.c.account == account) & (access_keys.c.user_name == user)
        tx.execute(update(access_keys).where(held).values(user_name=new_name, principal=principal))
        self._database.after_commit(tx, self.forget)

    def revoke_sessions(self, account: str, principal_id: str, *, tx: Connection) -> None:
        """Delete the temporary credentials of a role or user that is deleted, by its unique id."""
        theirs = access_keys.c.principal_id.startswith(principal_id, autoescape=True)
        tx.execute(
            delete(access_keys).where(access_keys.c.account == account, access_keys.c.token.is_not(None), theirs)
        )
        self._database.after_commit(tx, self.forget)

    def clear(self) -> None:
        """Delete every key; the well-known ones stay."""
        with self._database.transaction() as tx:
            tx.execute(delete(access_keys))
            self._database.after_commit(tx, self.forget)

    def forget(self) -> None:
        """Empty the cache of the lookup."""
        self._changes += 1
        self._cache.clear()


def _root_arn(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def _root_secret(access_key: str, secret: str, account: str) -> Secret[Identity]:
    return Secret(secret, Identity(account, _root_arn(account), access_key))


def _root_key(known: Secret[Identity]) -> AccessKey:
    who = known.identity
    return AccessKey(
        who.access_key,
        known.secret_key,
        who.account,
        None,
        who.principal,
        who.account,
        None,
        "Active",
        {},
        clock.moment(0),
        None,
    )


def _key(row: Row[Any]) -> AccessKey:
    return AccessKey(
        row.id,
        row.secret,
        row.account,
        row.user_name,
        row.principal,
        row.principal_id,
        row.token,
        row.status,
        documents.load(row.session) if row.session else {},
        clock.moment(row.created),
        None if row.expires is None else clock.moment(row.expires),
    )
