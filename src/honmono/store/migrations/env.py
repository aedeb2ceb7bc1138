"""Alembic runs this file; the connection to migrate comes from `honmono.store.migrate`."""

from alembic import context

from honmono.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite too can roll DDL back, as our connections begin their transactions themselves.
    transactional_ddl=True,
)
context.run_migrations()
