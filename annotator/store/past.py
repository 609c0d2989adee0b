"""The past of a set, as little as is needed to make it again, and the sets that somebody may compare it with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from annotator.domain.codec import edit_from_plain
from annotator.domain.edits import Edit
from annotator.domain.projects import AnnotatorKind
from annotator.store.tables import annotation_set, annotator, assignment, journal
from annotator.store.values import EntryKind


@dataclass(frozen=True, slots=True)
class PastEdit:
    """A journal row without its view, read as it is: half the time of reading 5,000 whole ones."""

    seq: int
    kind: EntryKind
    at: str
    undoes: int | None
    operation: int | None
    edit_json: str = field(repr=False)
    inverse_json: str = field(repr=False)

    @property
    def edit(self) -> Edit:
        """What was done; decoded when asked for."""
        return edit_from_plain(json.loads(self.edit_json))

    @property
    def inverse(self) -> Edit:
        """What takes it back; decoded when asked for."""
        return edit_from_plain(json.loads(self.inverse_json))


@dataclass(frozen=True, slots=True)
class VisibleSet:
    """Another annotator's set that may be seen: a pipeline's, or one that nobody has edited since it was imported."""

    annotator: str
    is_pipeline: bool
    spans: int


def past_edits(
    connection: Connection, key: int, annotator_id: int, since: int = 0, limit: int | None = None
) -> list[PastEdit]:
    """The edits of a set after row ``since``, oldest first, at most ``limit``."""
    held = journal.c
    columns = (held.seq, held.kind, held.at, held.undoes, held.operation_id, held.edit, held.inverse)
    statement = (
        select(*columns)
        .where(journal.c.document_id == key, journal.c.annotator_id == annotator_id, journal.c.seq > since)
        .order_by(journal.c.seq)
        .limit(limit)
    )
    kinds = {kind.value: kind for kind in EntryKind}
    return [
        PastEdit(seq, kinds[kind], at, undoes, operation, edit, inverse)
        for seq, kind, at, undoes, operation, edit, inverse in connection.execute(statement)
    ]


def visible_sets(connection: Connection, key: int, own: str) -> list[VisibleSet]:
    """The sets on a document that the annotator ``own`` may see besides their own, pipelines first, by name.

    Nobody sees what another person decided: that would spoil blind work. What came in by import is shown as long as
    nothing is assigned: then it is a corpus to compare with, and not what a team is doing.
    """
    is_team = connection.execute(select(func.count()).select_from(assignment)).scalar_one() > 0
    edits = (
        select(func.count())
        .select_from(journal)
        .where(
            journal.c.document_id == annotation_set.c.document_id,
            journal.c.annotator_id == annotation_set.c.annotator_id,
            journal.c.kind != EntryKind.IMPORT.value,
        )
        .scalar_subquery()
    )
    statement = (
        select(annotator.c.name, annotator.c.kind, annotation_set.c.span_count, edits.label("edits"))
        .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
        .where(annotation_set.c.document_id == key, annotator.c.name != own)
        .order_by(annotator.c.kind.desc(), annotator.c.name)
    )
    return [
        VisibleSet(row.name, row.kind == AnnotatorKind.PIPELINE.value, row.span_count)
        for row in connection.execute(statement)
        if row.kind == AnnotatorKind.PIPELINE.value or (row.edits == 0 and not is_team)
    ]
