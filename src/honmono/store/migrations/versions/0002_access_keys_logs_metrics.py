"""Access keys, log events and metric values."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SORTED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "access_keys",
        sa.Column("id", SORTED_TEXT, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("account", SORTED_TEXT, nullable=False),
        sa.Column("user_name", SORTED_TEXT),
        sa.Column("principal", SORTED_TEXT, nullable=False),
        sa.Column("principal_id", SORTED_TEXT, nullable=False),
        sa.Column("token", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("session", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_access_keys"),
    )
    op.create_index("ix_access_keys_user_name", "access_keys", ["account", "user_name"])
    op.create_index("ix_access_keys_expires", "access_keys", ["expires"])
