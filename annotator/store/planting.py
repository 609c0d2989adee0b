"""Errors that are planted among suggestions: who is tried where, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from annotator.domain.planting import Found, Plant
from annotator.store.tables import annotator, document, planted


class Plants:
    """Reads and, within a transaction that writes, changes what is planted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_in(self, key: int, name: str) -> list[Plant]:
        """What is planted for an annotator in one document and not yet restored."""
        return self._found(planted.c.document_id == key, annotator.c.name == name, planted.c.restored_at.is_(None))

    def open_of(self, name: str) -> list[Plant]:
        """What is planted for an annotator and not yet restored, in the order of the documents."""
        return self._found(annotator.c.name == name, planted.c.restored_at.is_(None))

    def outcomes(self, name: str) -> list[Found]:
        """What became of all that was restored for an annotator."""
        statement = (
            select(planted.c.outcome)
            .join(annotator, annotator.c.id == planted.c.annotator_id)
            .where(annotator.c.name == name, planted.c.restored_at.is_not(None))
        )
        return [Found(outcome) for outcome in self._connection.execute(statement).scalars()]

    def keys_of(self, name: str) -> set[int]:
        """Documents in which something is or was planted for an annotator."""
        statement = (
            select(planted.c.document_id)
            .join(annotator, annotator.c.id == planted.c.annotator_id)
            .where(annotator.c.name == name)
        )
        return set(self._connection.execute(statement).scalars())

    def add(self, plants: Iterable[Plant], at: str) -> None:
        """Plant errors. The annotators must be there."""
        rows = [
            {
                "document_id": plant.key,
                "annotator_id": self._annotator_id(plant.annotator),
                "span_id": plant.span_id,
                "body": {"right": plant.right, "wrong": plant.wrong},
                "at": at,
            }
            for plant in plants
        ]
        if rows:
            self._connection.execute(insert(planted), rows)

    def restore(self, plant: Plant, outcome: Found, at: str) -> None:
        """Remember what became of an error that is taken away."""
        self._connection.execute(
            update(planted)
            .where(
                planted.c.document_id == plant.key,
                planted.c.annotator_id == self._annotator_id(plant.annotator),
                planted.c.span_id == plant.span_id,
            )
            .values(restored_at=at, outcome=outcome.value)
        )

    def _annotator_id(self, name: str) -> int:
        return int(self._connection.execute(select(annotator.c.id).where(annotator.c.name == name)).scalar_one())

    def _found(self, *conditions: Any) -> list[Plant]:
        statement = (
            select(planted.c.document_id, annotator.c.name, planted.c.span_id, planted.c.body)
            .join(annotator, annotator.c.id == planted.c.annotator_id)
            .join(document, document.c.id == planted.c.document_id)
            .where(*conditions)
            .order_by(document.c.position, planted.c.span_id)
        )
        return [
            Plant(key, name, span_id, body["right"], body["wrong"])
            for key, name, span_id, body in self._connection.execute(statement)
        ]
