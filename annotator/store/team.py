"""Who is to label what, facts of the project, and the files that were handed out. Knows no label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, delete, insert, select, update

from annotator.domain.projects import AnnotatorKind, Status
from annotator.domain.text import Json
from annotator.store.tables import annotation_set, annotator, assignment, document, handout, journal, project_fact
from annotator.store.values import EntryKind

PROJECT_ID = "project_id"
HANDED_OUT_TO, HANDED_OUT_BY = "handed_out_to", "handed_out_by"
HANDED_OUT_AT, HANDOUT_ID = "handed_out_at", "handout_id"


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment: the document (its key and id) is the annotator's to label. ``origin``: by which plan."""

    key: int
    document_id: str
    annotator: str
    origin: str
    at: str


@dataclass(frozen=True, slots=True)
class Handout:
    """A file that was handed out. ``collected_at``: when something was last collected from it, or None."""

    id: str
    annotator: str
    documents: int
    at: str
    collected_at: str | None = None


class Team:
    """Reads what a project knows of its annotators' work; part of a `Reader`, on its snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def facts(self) -> dict[str, Json]:
        """The facts of the project by name: ``project_id``, and on a handed-out file to whom and by which project."""
        return {row.name: row.value for row in self._connection.execute(select(project_fact))}

    def find_owner(self) -> str | None:
        """To whom this file was handed out, or None for a project of its own."""
        to = self.facts().get(HANDED_OUT_TO)
        return to if isinstance(to, str) else None

    def assignments(self) -> list[Assigned]:
        """Every assignment, in the order of the documents, then by name."""
        statement = (
            select(assignment, document.c.external_id, annotator.c.name)
            .join(document, document.c.id == assignment.c.document_id)
            .join(annotator, annotator.c.id == assignment.c.annotator_id)
            .order_by(document.c.position, annotator.c.name)
        )
        return [
            Assigned(row.document_id, row.external_id, row.name, row.origin, row.at)
            for row in self._connection.execute(statement)
        ]

    def queue(self, name: str) -> list[int]:
        """Keys of the documents assigned to an annotator, in order; empty when nothing is."""
        statement = (
            select(assignment.c.document_id)
            .join(document, document.c.id == assignment.c.document_id)
            .join(annotator, annotator.c.id == assignment.c.annotator_id)
            .where(annotator.c.name == name)
            .order_by(document.c.position)
        )
        return list(self._connection.execute(statement).scalars())

    def statuses(self) -> dict[str, dict[int, Status]]:
        """The status of every set of every person: annotator → document key → status."""
        statement = (
            select(annotator.c.name, annotation_set.c.document_id, annotation_set.c.status)
            .join(annotation_set, annotation_set.c.annotator_id == annotator.c.id)
            .where(annotator.c.kind == AnnotatorKind.HUMAN.value)
        )
        found: dict[str, dict[int, Status]] = {}
        for name, key, status in self._connection.execute(statement):
            found.setdefault(name, {})[key] = Status(status)
        return found

    def edit_times(self, name: str) -> dict[int, list[str]]:
        """When the annotator edited, ISO 8601, by document key, in the order of the journal. Imports are no edits."""
        statement = (
            select(journal.c.document_id, journal.c.at)
            .join(annotator, annotator.c.id == journal.c.annotator_id)
            .where(annotator.c.name == name, journal.c.kind != EntryKind.IMPORT.value)
            .order_by(journal.c.document_id, journal.c.seq)
        )
        rows = self._connection.execute(statement)
        return {key: [row.at for row in group] for key, group in groupby(rows, lambda row: int(row.document_id))}

    def handouts(self) -> list[Handout]:
        """Every file that was handed out, the oldest first."""
        statement = (
            select(handout, annotator.c.name)
            .join(annotator, annotator.c.id == handout.c.annotator_id)
            .order_by(handout.c.at, handout.c.id)
        )
        return [
            Handout(row.id, row.name, row.documents, row.at, row.collected_at)
            for row in self._connection.execute(statement)
        ]


class TeamChanges(Team):
    """Writes the same; part of a `UnitOfWork`, in its transaction. The annotators named must be there."""

    def assign(self, pairs: Iterable[tuple[int, str]], origin: str, at: str) -> None:
        """Assign documents by key; what is assigned already stays as it is."""
        held = {(one.key, one.annotator) for one in self.assignments()}
        ids = self._annotator_ids()
        added = [
            {"document_id": key, "annotator_id": ids[name], "origin": origin, "at": at}
            for key, name in dict.fromkeys(pairs)
            if (key, name) not in held
        ]
        if added:
            self._connection.execute(insert(assignment), added)

    def put_facts(self, facts: Mapping[str, Json]) -> None:
        """Set facts of the project by name."""
        self._connection.execute(delete(project_fact).where(project_fact.c.name.in_(list(facts))))
        self._connection.execute(insert(project_fact), [{"name": name, "value": facts[name]} for name in facts])

    def add_handout(self, added: Handout) -> None:
        """Remember a file that is handed out."""
        self._connection.execute(
            insert(handout).values(
                id=added.id,
                annotator_id=self._annotator_ids()[added.annotator],
                documents=added.documents,
                at=added.at,
                collected_at=added.collected_at,
            )
        )

    def mark_collected(self, handout_id: str, at: str) -> None:
        """Something was collected from a file that was handed out."""
        self._connection.execute(update(handout).where(handout.c.id == handout_id).values(collected_at=at))

    def _annotator_ids(self) -> dict[str, int]:
        return {row.name: row.id for row in self._connection.execute(select(annotator.c.name, annotator.c.id))}
