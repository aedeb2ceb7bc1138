"""Durable state: records in SQL, objects in immutable files."""
