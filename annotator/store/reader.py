"""`Reader`: everything that can be asked of a project, on one consistent snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from annotator.domain.alternatives import Alternative
from annotator.domain.guidelines import Guideline, Pin
from annotator.domain.hits import Hit
from annotator.domain.inconsistencies import Counted, LabelledText
from annotator.domain.label_groups import LabelGroup
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Annotator, AnnotatorKind, Status
from annotator.domain.queries import Query
from annotator.domain.scheme_plain import scheme_from_plain
from annotator.domain.spans import SpanSet
from annotator.domain.text import Document
from annotator.store import (
    considered,
    dismissals,
    guidelines,
    inconsistencies,
    label_use,
    operations,
    past,
    rows,
    searching,
    sqlite_search,
)
from annotator.store.compared import Compared
from annotator.store.errors import NotAProject
from annotator.store.guidelines import PinnedPlace
from annotator.store.label_use import LabelUse, SpanInContext
from annotator.store.memory import Memory
from annotator.store.operations import entry_from_row
from annotator.store.past import PastEdit, VisibleSet
from annotator.store.planting import Plants
from annotator.store.searching import Find, Found
from annotator.store.tables import (
    annotation_set,
    annotator,
    assignment,
    document,
    journal,
    relation,
    ruling,
    scheme,
    span,
    tokenization,
)
from annotator.store.team import Team
from annotator.store.values import DocumentRow, EntryKind, JournalEntry, Operation, ProjectStats, Step

PAGE_DOCUMENTS = 200
_HUMAN, _PIPELINE = AnnotatorKind.HUMAN.value, AnnotatorKind.PIPELINE.value


class Reader:
    """Reads a project inside one transaction. Not thread-safe; see `ProjectStore.reading`."""

    def __init__(self, connection: Connection, location: str) -> None:
        self._connection = connection
        self._location = location
        self._annotator_ids: dict[str, int] = {}

    def scheme(self) -> LabelScheme:
        """The newest version of the label scheme."""
        body = self._connection.execute(
            select(scheme.c.body).order_by(scheme.c.version.desc()).limit(1)
        ).scalar_one_or_none()
        if body is None:
            raise NotAProject("the project has no label scheme", where=self._location, remedy="restore a backup")
        return scheme_from_plain(body)

    def annotators(self) -> list[Annotator]:
        """Everybody, pipelines included, by name."""
        found = self._connection.execute(select(annotator).order_by(annotator.c.name))
        return [Annotator(row.name, AnnotatorKind(row.kind)) for row in found]

    def listing(
        self,
        annotator_name: str,
        *,
        query: str = "",
        statuses: Collection[Status] = (),
        only_assigned: bool = False,
    ) -> list[DocumentRow]:
        """The documents in order, as one annotator sees them; ``only_assigned``: those that are assigned to them.

        ``query`` finds words in title and text (each as a beginning) or a part of title or id. Without a set of
        the annotator's own, what is to decide are the newest pipeline's suggestions.
        """
        own, suggested = annotation_set.alias("own"), annotation_set.alias("suggested")
        status = func.coalesce(own.c.status, Status.NEW.value)
        statement = (
            select(
                document.c.id,
                document.c.external_id,
                document.c.display_title,
                status.label("status"),
                func.coalesce(own.c.undecided_count, suggested.c.span_count, 0).label("undecided"),
                func.coalesce(own.c.span_count, suggested.c.span_count, 0).label("spans"),
                document.c.length_chars,
            )
            .outerjoin(own, _of(own, self._annotator_id(annotator_name)))
            .outerjoin(suggested, _of(suggested, document.c.suggested_by))
            .order_by(document.c.position)
        )
        if statuses:
            statement = statement.where(status.in_([one.value for one in statuses]))
        if only_assigned:
            queue = _of(assignment, self._annotator_id(annotator_name))
            statement = statement.where(select(assignment.c.document_id).where(queue).exists())
        if wanted := _searchable(query):
            statement = statement.where(_finds(wanted))
        return [
            DocumentRow(key, id_, title, Status(state), undecided, spans, length)
            for key, id_, title, state, undecided, spans, length in self._connection.execute(statement)
        ]

    def find_document(self, document_id: str) -> int | None:
        """The key of the document with this id, or None."""
        return self._one(select(document.c.id).where(document.c.external_id == document_id))

    def find_by_text(self, text_sha256: str) -> int | None:
        """The key of the first document with exactly this text, or None."""
        return self._one(
            select(document.c.id).where(document.c.text_sha256 == text_sha256).order_by(document.c.position).limit(1)
        )

    def document_keys(self) -> list[int]:
        """All keys, in order."""
        return list(self._connection.execute(select(document.c.id).order_by(document.c.position)).scalars())

    def languages(self) -> dict[int, str]:
        """The language of each document by key (empty where unknown), in order."""
        found = self._connection.execute(select(document.c.id, document.c.language).order_by(document.c.position))
        return {row.id: row.language for row in found}

    def unread_documents(self, pipeline: str) -> list[int]:
        """Keys of documents without a set made by exactly this pipeline ("name version")."""
        read = select(annotation_set.c.document_id).where(annotation_set.c.pipeline == pipeline)
        statement = select(document.c.id).where(document.c.id.not_in(read)).order_by(document.c.position)
        return list(self._connection.execute(statement).scalars())

    def load_document(self, key: int) -> Document:
        """The document with its tokens."""
        row = self._connection.execute(select(document).where(document.c.id == key)).one()
        held = self._connection.execute(select(tokenization).where(tokenization.c.document_id == key)).one_or_none()
        return rows.document_from_rows(row, held)

    def load(self, key: int, annotator_name: str) -> AnnotatedDocument:
        """One annotator's set on a document; an empty one when there is none. Raises `SurfaceChanged`."""
        loaded = self.load_document(key)
        annotator_id = self._annotator_id(annotator_name)
        held = self._connection.execute(
            select(annotation_set).where(
                annotation_set.c.document_id == key, annotation_set.c.annotator_id == annotator_id
            )
        ).one_or_none()
        if held is None:
            return AnnotatedDocument(loaded, annotator_name)
        return _assemble(
            loaded,
            annotator_name,
            held,
            self._connection.execute(_rows_of(span, [key], [annotator_id])),
            self._connection.execute(_rows_of(relation, [key], [annotator_id])),
            self._connection.execute(_rows_of(ruling, [key], [annotator_id])),
        )

    def suggestions(self, key: int) -> AnnotatedDocument | None:
        """The newest pipeline's set on this document, or None."""
        name = self._connection.execute(
            select(annotator.c.name)
            .join(document, document.c.suggested_by == annotator.c.id)
            .where(document.c.id == key)
        ).scalar_one_or_none()
        return None if name is None else self.load(key, name)

    def alternatives(self, key: int) -> tuple[Alternative, ...]:
        """What the newest pipeline nearly said of a document."""
        return considered.alternatives(self._connection, key)

    def suggested(self, key: int) -> tuple[Alternative, ...]:
        """What the newest pipeline suggests for a document, without the document: places, labels, scores."""
        return considered.suggested(self._connection, key)

    def has_taken_suggestions(self, key: int, annotator_name: str) -> bool:
        """Whether the annotator's set began with suggestions."""
        return considered.has_taken_suggestions(self._connection, key, self._annotator_id(annotator_name))

    def has_set(self, key: int, annotator_name: str) -> bool:
        """Whether the annotator has begun this document."""
        return self._find_last_seq(key, annotator_name) is not None

    def last_seq(self, key: int, annotator_name: str) -> int:
        """The number of the set's last journal row; 0 when there is none."""
        return self._find_last_seq(key, annotator_name) or 0

    def finished_at(self, annotator_name: str, limit: int = 500) -> list[str]:
        """When the annotator's done and skipped documents were last written, ISO 8601 in UTC, the newest first."""
        statement = (
            select(annotation_set.c.updated_at)
            .where(
                annotation_set.c.annotator_id == self._annotator_id(annotator_name),
                annotation_set.c.status.in_([Status.DONE.value, Status.SKIPPED.value]),
            )
            .order_by(annotation_set.c.updated_at.desc())
            .limit(limit)
        )
        return list(self._connection.execute(statement).scalars())

    def last_suggested_seq(self, key: int, annotator_name: str) -> int:
        """The number of the journal row by which suggestions last came into the set; 0 when there is none."""
        statement = select(func.max(journal.c.seq)).where(
            journal.c.document_id == key,
            journal.c.annotator_id == self._annotator_id(annotator_name),
            journal.c.kind == EntryKind.SUGGEST.value,
        )
        return self._one(statement) or 0

    def stamp(self, key: int, annotator_name: str) -> tuple[object, ...]:
        """Equal stamps: nothing of the document, as this annotator sees it, was written in between."""
        own, suggested = annotation_set.alias("own"), annotation_set.alias("suggested")
        statement = (
            select(own.c.last_seq, own.c.updated_at, document.c.suggested_by, suggested.c.updated_at)
            .select_from(document)
            .outerjoin(own, _of(own, self._annotator_id(annotator_name)))
            .outerjoin(suggested, _of(suggested, document.c.suggested_by))
            .where(document.c.id == key)
        )
        return (self.scheme_version(), *self._connection.execute(statement).one())

    def journal(self, key: int, annotator_name: str) -> list[JournalEntry]:
        """The set's journal, oldest first."""
        statement = (
            select(journal)
            .where(journal.c.document_id == key, journal.c.annotator_id == self._annotator_id(annotator_name))
            .order_by(journal.c.seq)
        )
        return [entry_from_row(row, annotator_name) for row in self._connection.execute(statement)]

    def find_operation(self, operation_id: int) -> Operation | None:
        """The operation with this id, or None."""
        return operations.find_operation(self._connection, operation_id)

    def last_operations(self, limit: int = 100) -> list[Operation]:
        """The newest operations, the newest first."""
        return operations.last_operations(self._connection, limit)

    def entries_of(self, operation_id: int) -> list[tuple[int, JournalEntry]]:
        """The journal rows of an operation with the keys of their documents, in the order they were written."""
        return operations.entries_of(self._connection, operation_id)

    def undone(self, annotator_name: str, steps: Collection[Step]) -> set[Step]:
        """Those of the annotator's steps that were taken back and not made again since."""
        return operations.undone(self._connection, self._annotator_id(annotator_name), steps)

    def memory(self, annotator_name: str) -> Memory:
        """What this annotator said about strings so far."""
        return Memory(self._connection, self._annotator_id(annotator_name))

    def team(self) -> Team:
        """Who is to label what, the facts of the project, and the files that were handed out."""
        return Team(self._connection)

    def past_edits(self, key: int, annotator_name: str, since: int = 0, limit: int | None = None) -> list[PastEdit]:
        """The edits of a set after row ``since``, oldest first: what the journal has, without the views."""
        return past.past_edits(self._connection, key, self._annotator_id(annotator_name), since, limit)

    def visible_sets(self, key: int, annotator_name: str) -> list[VisibleSet]:
        """Other annotators' sets on a document that this annotator may see."""
        return past.visible_sets(self._connection, key, annotator_name)

    def guidelines(self) -> list[Guideline]:
        """Every version of the guideline, the newest first."""
        return guidelines.versions(self._connection)

    def find_guideline(self) -> Guideline | None:
        """The guideline that holds now, or None."""
        return guidelines.find_newest(self._connection)

    def pinned_places(self) -> list[PinnedPlace]:
        """Every pinned example with what is there now."""
        return guidelines.places(self._connection)

    def pins_on(self, key: int, annotator_name: str) -> list[Pin]:
        """The pins of one annotator in one document, in the order of the text."""
        return guidelines.pins_on(self._connection, key, self._annotator_id(annotator_name))

    def dismissed(self, annotator_name: str) -> list[str]:
        """The keys of the inbox's entries that the annotator said are right."""
        return dismissals.dismissed(self._connection, self._annotator_id(annotator_name))

    def operations_of_others(self, operation_ids: Iterable[int], annotator_name: str) -> frozenset[int]:
        """Those of these operations that somebody else than this annotator made."""
        return operations.operations_of_others(self._connection, operation_ids, self._annotator_id(annotator_name))

    def undone_operations(self, operation_ids: Iterable[int]) -> frozenset[int]:
        """Those of these operations that stand as undone."""
        return operations.undone_operations(self._connection, operation_ids)

    def has_edits_since(self, key: int, annotator_name: str, seq: int) -> bool:
        """Whether edits stand in a set that were made after journal row ``seq``; changes of the scheme are none."""
        return operations.has_edits_since(self._connection, key, self._annotator_id(annotator_name), seq)

    def label_uses(self) -> list[LabelUse]:
        """Every label that anything carries, by group, label and annotator."""
        return label_use.label_uses(self._connection)

    def sets_with(self, group: LabelGroup, label_ids: Collection[str]) -> list[tuple[int, str]]:
        """(document key, annotator) of every set in which something carries one of these labels."""
        return label_use.sets_with(self._connection, group, label_ids)

    def spans_in_context(
        self, annotator_name: str, layer: str, label_ids: Collection[str], limit: int | None = None
    ) -> list[SpanInContext]:
        """Spans with one of these labels as one annotator sees them, with the words around them."""
        return label_use.spans_in_context(self._connection, self._annotator_id(annotator_name), layer, label_ids, limit)

    def decided_as(self, annotator_name: str, layer: str, label_ids: Collection[str]) -> dict[str, dict[str, int]]:
        """How often the annotator has decided each string (folded) for each of these labels."""
        return label_use.decided_as(self._connection, self._annotator_id(annotator_name), layer, label_ids)

    def attribute_count(self, layer: str, name: str) -> int:
        """How many spans of a layer, or (``layer`` empty) relations, have a value of this attribute."""
        return label_use.attribute_count(self._connection, layer, name)

    def plants(self) -> Plants:
        """Errors that are planted among suggestions."""
        return Plants(self._connection)

    def compared(self) -> Compared:
        """What several annotators said about the same documents."""
        return Compared(self._connection)

    def scheme_version(self) -> int:
        """The version of the scheme that holds now; 0 when there is none."""
        return self._one(select(func.max(scheme.c.version))) or 0

    def scheme_at(self, version: int) -> LabelScheme:
        """An earlier version of the scheme. Raises `NotAProject` when it is missing."""
        body = self._connection.execute(select(scheme.c.body).where(scheme.c.version == version)).scalar_one_or_none()
        if body is None:
            raise NotAProject(f"the project has no scheme {version}", where=self._location, remedy="restore a backup")
        return scheme_from_plain(body)

    def sets(
        self, *, annotators: Collection[str] | None = None, statuses: Collection[Status] = ()
    ) -> Iterator[tuple[int, AnnotatedDocument]]:
        """Annotation sets with their documents, by document and annotator; memory stays flat."""
        statement = (
            select(annotation_set, annotator.c.name)
            .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
            .join(document, document.c.id == annotation_set.c.document_id)
            .order_by(document.c.position, annotator.c.name)
        )
        if annotators is not None:
            statement = statement.where(annotator.c.name.in_(list(annotators)))
        if statuses:
            statement = statement.where(annotation_set.c.status.in_([one.value for one in statuses]))
        held = self._connection.execute(statement).all()
        for first in range(0, len(held), PAGE_DOCUMENTS):
            yield from self._sets_of_page(held[first : first + PAGE_DOCUMENTS])

    def load_sets(self, wanted: Collection[tuple[int, str]]) -> Iterator[tuple[int, AnnotatedDocument]]:
        """Some annotation sets, named by document key and annotator; at once, so ask for some hundred at most."""
        statement = (
            select(annotation_set, annotator.c.name)
            .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
            .where(
                annotation_set.c.document_id.in_({key for key, _ in wanted}),
                annotator.c.name.in_({name for _, name in wanted}),
            )
        )
        chosen = set(wanted)
        held = [row for row in self._connection.execute(statement) if (row.document_id, row.name) in chosen]
        yield from self._sets_of_page(held)

    def find_hits(self, annotator_name: str, query: Query, find: Find) -> Iterator[Found]:
        """Places in the corpus as this annotator sees it, portion by portion. ``query`` is bound."""
        return searching.find_hits(self._connection, self._annotator_id(annotator_name), query, find)

    def hits_again(self, annotator_name: str, hits: Sequence[Hit], *, since: str) -> list[Hit]:
        """The same hits as they are now. See `searching.hits_again`."""
        return searching.hits_again(self._connection, self._annotator_id(annotator_name), hits, since=since)

    def count_spans(self, annotator_name: str, *, with_suggestions: bool) -> list[Counted]:
        """How many spans have the same words, layer and label. See `inconsistencies.count_spans`."""
        annotator_id = self._annotator_id(annotator_name)
        return inconsistencies.count_spans(self._connection, annotator_id, with_suggestions=with_suggestions)

    def seen_documents(self, annotator_name: str, *, with_suggestions: bool) -> list[int]:
        """Keys of the documents in which the annotator has decided spans, or sees any, in order."""
        annotator_id = self._annotator_id(annotator_name)
        return inconsistencies.seen_documents(self._connection, annotator_id, with_suggestions=with_suggestions)

    def labelled_texts(self, annotator_name: str, keys: Sequence[int], *, with_suggestions: bool) -> list[LabelledText]:
        """Some documents with the spans that the annotator sees. See `inconsistencies.labelled_texts`."""
        annotator_id = self._annotator_id(annotator_name)
        return inconsistencies.labelled_texts(self._connection, annotator_id, keys, with_suggestions=with_suggestions)

    def stats(self) -> ProjectStats:
        """Counts over the project."""
        documents = self._connection.execute(select(func.count()).select_from(document)).scalar_one()
        by_annotator = self._span_counts(annotator.c.name)
        return ProjectStats(
            documents=documents,
            by_status=self._status_counts(documents),
            spans=sum(by_annotator.values()),
            by_label=self._label_counts(),
            by_annotator=by_annotator,
        )

    def _sets_of_page(self, page: Collection[Row[Any]]) -> Iterator[tuple[int, AnnotatedDocument]]:
        keys = list(dict.fromkeys(row.document_id for row in page))
        ids = list({row.annotator_id for row in page})
        documents = {row.id: row for row in self._connection.execute(select(document).where(document.c.id.in_(keys)))}
        tokens = {
            row.document_id: row
            for row in self._connection.execute(select(tokenization).where(tokenization.c.document_id.in_(keys)))
        }
        spans = _by_set(self._connection.execute(_rows_of(span, keys, ids)))
        relations = _by_set(self._connection.execute(_rows_of(relation, keys, ids)))
        rulings = _by_set(self._connection.execute(_rows_of(ruling, keys, ids)))
        for row in page:
            key = row.document_id
            loaded = rows.document_from_rows(documents[key], tokens.get(key))
            of_set = (key, row.annotator_id)
            yield (
                key,
                _assemble(
                    loaded,
                    row.name,
                    row,
                    spans.get(of_set, ()),
                    relations.get(of_set, ()),
                    rulings.get(of_set, ()),
                ),
            )

    def _find_last_seq(self, key: int, annotator_name: str) -> int | None:
        return self._one(
            select(annotation_set.c.last_seq).where(
                annotation_set.c.document_id == key,
                annotation_set.c.annotator_id == self._annotator_id(annotator_name),
            )
        )

    def _annotator_id(self, name: str) -> int:
        """The row of an annotator, -1 (nobody) when there is none of this name."""
        if name not in self._annotator_ids:
            found = self._one(select(annotator.c.id).where(annotator.c.name == name))
            if found is None:
                return -1
            self._annotator_ids[name] = found
        return self._annotator_ids[name]

    def _one(self, statement: Select[int]) -> int | None:
        return self._connection.execute(statement).scalar_one_or_none()

    def _status_counts(self, documents: int) -> dict[str, int]:
        counted = self._connection.execute(
            select(annotation_set.c.status, func.count())
            .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
            .where(annotator.c.kind == _HUMAN)
            .group_by(annotation_set.c.status)
        )
        found: dict[str, int] = {row[0]: row[1] for row in counted}
        begun = self._connection.execute(
            select(func.count(annotation_set.c.document_id.distinct()))
            .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
            .where(annotator.c.kind == _HUMAN)
        ).scalar_one()
        found[Status.NEW.value] = found.get(Status.NEW.value, 0) + documents - begun
        return {status.value: found[status.value] for status in Status if found.get(status.value)}

    def _span_counts(self, by: ColumnElement[str]) -> dict[str, int]:
        counted = self._connection.execute(
            select(by, func.count())
            .select_from(span)
            .join(annotator, annotator.c.id == span.c.annotator_id)
            .where(span.c.is_decided, annotator.c.kind == _HUMAN)
            .group_by(by)
            .order_by(by)
        )
        return {row[0]: row[1] for row in counted}

    def _label_counts(self) -> dict[str, int]:
        names = {label.id: label.name for _, label in self.scheme().labels}
        return {names.get(label_id, label_id): n for label_id, n in self._span_counts(span.c.label_id).items()}


def _of(sets: Any, annotator_id: Any) -> ColumnElement[bool]:
    return and_(sets.c.document_id == document.c.id, sets.c.annotator_id == annotator_id)


def _searchable(query: str) -> str:
    """What can be looked for: no NUL, which ends a search expression, and no half of a surrogate pair."""
    return "".join(" " if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in query).strip()


def _finds(query: str) -> ColumnElement[bool]:
    return or_(
        document.c.display_title.icontains(query, autoescape=True),
        document.c.external_id.icontains(query, autoescape=True),
        sqlite_search.matches(query),
    )


def _rows_of(of_table: Any, keys: list[int], annotator_ids: list[int]) -> Select[Any]:
    return (
        select(of_table)
        .where(of_table.c.document_id.in_(keys), of_table.c.annotator_id.in_(annotator_ids))
        .order_by(of_table.c.document_id, of_table.c.annotator_id)
    )


def _by_set(found: Iterable[Row[Any]]) -> dict[tuple[int, int], list[Row[Any]]]:
    return {key: list(group) for key, group in groupby(found, lambda row: (row.document_id, row.annotator_id))}


def _assemble(
    loaded: Document,
    annotator_name: str,
    held: Row[Any],
    span_rows: Iterable[Row[Any]],
    relation_rows: Iterable[Row[Any]],
    ruling_rows: Iterable[Row[Any]],
) -> AnnotatedDocument:
    return AnnotatedDocument(
        document=loaded,
        annotator=annotator_name,
        spans=SpanSet(rows.spans_from_rows(span_rows, loaded)),
        relations=rows.relations_from_rows(relation_rows),
        cats=held.cats,
        status=Status(held.status),
        note=held.note,
        status_reason=held.status_reason,
        rulings=rows.rulings_from_rows(ruling_rows),
    )
