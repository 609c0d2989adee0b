"""Entries of the inbox that an annotator said are right as they are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from annotator.store.tables import dismissal


def dismissed(connection: Connection, annotator_id: int) -> list[str]:
    """The keys of the entries, in the order in which they were dismissed."""
    statement = (
        select(dismissal.c.entry)
        .where(dismissal.c.annotator_id == annotator_id)
        .order_by(dismissal.c.created_at, dismissal.c.entry)
    )
    return list(connection.execute(statement).scalars())


def dismiss(connection: Connection, annotator_id: int, entries: Iterable[str], at: str) -> None:
    """Add entries by key; those that are there already stay as they are."""
    known = set(dismissed(connection, annotator_id))
    added = [
        {"annotator_id": annotator_id, "entry": entry, "created_at": at}
        for entry in dict.fromkeys(entries)
        if entry not in known
    ]
    if added:
        connection.execute(insert(dismissal), added)


def take_back(connection: Connection, annotator_id: int, entries: Iterable[str]) -> None:
    """Take entries away by key; nothing happens where one is not there."""
    for entry in entries:
        connection.execute(
            delete(dismissal).where(dismissal.c.annotator_id == annotator_id, dismissal.c.entry == entry)
        )
