"""The table of access keys: one row for each key pair, lasting or temporary."""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from honmono.store.schema import SortedText, metadata

access_keys = Table(
    "access_keys",
    metadata,
    Column("id", SortedText, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("account", SortedText, nullable=False),
    Column("user_name", SortedText),  # NULL: the account's root, or the credentials of a role
    Column("principal", SortedText, nullable=False),  # ARN
    Column("principal_id", SortedText, nullable=False),  # AIDA…, AROA…:session, ACCOUNT:name, or the account
    Column("token", Text),  # NULL: a lasting key
    Column("status", Text, nullable=False),  # Active, Inactive or Expired
    Column("session", Text),  # JSON: what narrows a temporary credential
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Index("ix_access_keys_user_name", "account", "user_name"),
    Index("ix_access_keys_expires", "expires"),
)
