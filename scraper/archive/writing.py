"""A transaction that waits for its turn to write."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and the only one that writes from its beginning on.

    A transaction that begins with reading cannot write any more once somebody else has. A
    connection that cannot write at all reads what holds at its beginning, whoever writes.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode or 0) & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        connection.execute("BEGIN")
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()  # nothing, if the error has ended the transaction
        raise
