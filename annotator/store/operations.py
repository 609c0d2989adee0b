"""Operations: edits of many documents, or of the scheme, that are undone as one. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from annotator.store.tables import annotator, journal, operation
from annotator.store.values import EntryKind, JournalEntry, Operation, Step


def add_operation(connection: Connection, added: Operation, annotator_id: int) -> Operation:
    """Write an operation; returns it with its id."""
    made = connection.execute(
        insert(operation)
        .values(
            annotator_id=annotator_id,
            kind=added.kind.value,
            title=added.title,
            at=added.at,
            undoes=added.undoes,
            scheme_before=added.scheme_before,
            scheme_after=added.scheme_after,
        )
        .returning(operation.c.id)
    )
    return replace(added, id=int(made.scalar_one()))


def find_operation(connection: Connection, operation_id: int) -> Operation | None:
    """The operation with this id, or None."""
    row = connection.execute(_operations().where(operation.c.id == operation_id)).one_or_none()
    return None if row is None else _from_row(row)


def last_operations(connection: Connection, limit: int) -> list[Operation]:
    """The newest operations, the newest first."""
    return [_from_row(row) for row in connection.execute(_operations().order_by(operation.c.id.desc()).limit(limit))]


def entries_of(connection: Connection, operation_id: int) -> list[tuple[int, JournalEntry]]:
    """The journal rows of an operation with the keys of their documents, in the order they were written."""
    statement = (
        select(journal, annotator.c.name)
        .join(annotator, annotator.c.id == journal.c.annotator_id)
        .where(journal.c.operation_id == operation_id)
        .order_by(journal.c.id)
    )
    return [(row.document_id, entry_from_row(row, row.name)) for row in connection.execute(statement)]


def operations_of_others(connection: Connection, operation_ids: Iterable[int], annotator_id: int) -> frozenset[int]:
    """Those of these operations that somebody else made."""
    statement = select(operation.c.id).where(
        operation.c.id.in_(list(operation_ids)), operation.c.annotator_id != annotator_id
    )
    return frozenset(connection.execute(statement).scalars())


def undone(connection: Connection, annotator_id: int, steps: Collection[Step]) -> set[Step]:
    """Those of an annotator's steps that were taken back and not made again since."""
    whole = {step.operation: step for step in steps if step.operation is not None}
    single = {(step.key, step.seq): step for step in steps if step.operation is None}
    last: dict[Step, str] = {}
    if whole:
        of_whole = select(operation.c.undoes, operation.c.kind).where(operation.c.undoes.in_(list(whole)))
        for made in connection.execute(of_whole.order_by(operation.c.id)):
            last[whole[made.undoes]] = made.kind
    if single:
        of_single = select(journal.c.document_id, journal.c.undoes, journal.c.kind).where(
            journal.c.document_id.in_({key for key, _ in single}),
            journal.c.annotator_id == annotator_id,
            journal.c.undoes.in_({seq for _, seq in single}),
        )
        for row in connection.execute(of_single.order_by(journal.c.id)):
            if (row.document_id, row.undoes) in single:
                last[single[row.document_id, row.undoes]] = row.kind
    return {step for step, kind in last.items() if kind == EntryKind.UNDO}


def undone_operations(connection: Connection, operation_ids: Iterable[int]) -> frozenset[int]:
    """Those of these operations that stand as undone: taken back, and not made again after that."""
    statement = (
        select(operation.c.undoes, operation.c.kind)
        .where(operation.c.undoes.in_(list(operation_ids)))
        .order_by(operation.c.id)
    )
    last = {row.undoes: row.kind for row in connection.execute(statement)}
    return frozenset(undoes for undoes, kind in last.items() if kind == EntryKind.UNDO.value)


def has_edits_since(connection: Connection, key: int, annotator_id: int, seq: int) -> bool:
    """Whether edits stand in a set that were made after row ``seq``; changes of the scheme are none."""
    statement = (
        select(journal.c.seq, journal.c.kind, journal.c.undoes)
        .outerjoin(operation, operation.c.id == journal.c.operation_id)
        .where(
            journal.c.document_id == key,
            journal.c.annotator_id == annotator_id,
            journal.c.seq > seq,
            operation.c.scheme_after.is_(None),
        )
        .order_by(journal.c.seq)
    )
    standing: set[int | None] = set()
    for number, kind, undoes in connection.execute(statement):
        if kind == EntryKind.EDIT.value:
            standing.add(number)
        elif kind == EntryKind.UNDO.value:
            standing.discard(undoes)
        elif kind == EntryKind.REDO.value and undoes is not None and undoes > seq:
            standing.add(undoes)
    return bool(standing)


def entry_from_row(row: Row[Any], annotator_name: str) -> JournalEntry:
    """A row of the journal of this annotator's set as a value."""
    return JournalEntry(
        row.seq,
        EntryKind(row.kind),
        row.at,
        row.undoes,
        row.view,
        row.edit,
        row.inverse,
        row.operation_id,
        annotator_name,
    )


def _operations() -> Select[Any]:
    return select(operation, annotator.c.name).join(annotator, annotator.c.id == operation.c.annotator_id)


def _from_row(row: Row[Any]) -> Operation:
    return Operation(
        annotator=row.name,
        title=row.title,
        at=row.at,
        kind=EntryKind(row.kind),
        undoes=row.undoes,
        scheme_before=row.scheme_before,
        scheme_after=row.scheme_after,
        id=row.id,
    )
