"""SQL that goes to the driver as it is written: compiling it anew would cost more than the database's own work."""

import re
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


class Statement:
    """One statement with `:named` parameters, in the words that SQLite and PostgreSQL share.

    >>> Statement("SELECT name FROM s3_buckets WHERE name = :name").postgresql
    'SELECT name FROM s3_buckets WHERE name = %(name)s'
    """

    def __init__(self, sqlite: str):
        self.sqlite = sqlite
        self.postgresql = re.sub(r":(\w+)", r"%(\1)s", sqlite)

    def run(self, connection: Connection, **parameters: Any) -> Any:
        """Execute it in the connection's transaction; gives the driver's cursor.

        Raises:
            sqlalchemy.exc.DBAPIError: as SQLAlchemy would.
        """
        driver = connection.connection.driver_connection
        assert driver is not None
        dialect = connection.dialect
        text = self.sqlite if dialect.name == "sqlite" else self.postgresql
        try:
            return driver.execute(text, parameters)
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error

    def one(self, connection: Connection, **parameters: Any) -> Any:
        """The first row as a tuple, or None."""
        return self.run(connection, **parameters).fetchone()

    def all(self, connection: Connection, **parameters: Any) -> list[Any]:
        """Every row as a tuple."""
        rows: list[Any] = self.run(connection, **parameters).fetchall()
        return rows
