"""Alembic's scripts: `versions/` holds one file a revision; `honmono.store.migrate` runs them."""
