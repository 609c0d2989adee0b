"""Changing the scheme of a project that is being annotated: counts, previews, the change itself, splits to decide.

Names and colours belong to labels, not to spans. Merging and deleting reach every annotation set in the project.
Nobody sees what others labelled: of their spans there are counts only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from annotator.domain.edits import Batch, Relabel
from annotator.domain.errors import UserError
from annotator.domain.label_groups import LabelGroup, LabelKind, label_in
from annotator.domain.labels import LabelScheme
from annotator.domain.migrating import find_migration
from annotator.domain.scheme_edits import (
    ChangeAttribute,
    DeleteLabel,
    RemoveLayer,
    RenameLayer,
    Reserved,
    SchemeEdit,
    SplitLabel,
    TakeOverScheme,
    change,
)
from annotator.domain.scheme_titles import title_of
from annotator.store import EntryKind, LabelUse, Operation, ProjectStore, Reader, SpanInContext, UnitOfWork
from annotator.workflows.operations import DocumentEdit, OperationReport, perform_in
from annotator.workflows.progress import Progress

__all__ = ["LabelUse", "Preview", "QueueRow", "SchemeDesk", "SpanInContext", "decisions", "finish_split", "perform"]

MOST_EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Preview:
    """What carries some labels. ``examples``: spans as the asking annotator sees them, never others'."""

    uses: tuple[LabelUse, ...] = ()
    examples: tuple[SpanInContext, ...] = ()

    @property
    def count(self) -> int:
        """How many spans (relations, documents) there are, suggestions of pipelines included."""
        return sum(use.count for use in self.uses)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A span that waits to be decided after a split. ``decided_as``: how its string was decided so far, by label id."""

    span: SpanInContext
    decided_as: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def proposal(self) -> str:
        """The label that the string was given most often, or an empty string."""
        return max(self.decided_as, key=lambda one: self.decided_as[one], default="")


def perform(
    store: ProjectStore,
    annotator: str,
    edit: SchemeEdit,
    *,
    reserved: Reserved | None = None,
    progress: Progress | None = None,
) -> OperationReport:
    """Change the scheme as one step of undo; what the change means for spans is done in every set of the project.

    Raises a `UserError` when it cannot be; then, and when cancelled, nothing has changed.
    """
    with store.writing() as unit:
        return _perform(unit, annotator, edit, reserved, progress)


def finish_split(
    store: ProjectStore, annotator: str, group: LabelGroup, label_id: str, progress: Progress | None = None
) -> OperationReport:
    """Take a split label out of the scheme, and what pipelines still suggest with it. Raises while spans wait."""
    with store.writing() as unit:
        left = len(unit.spans_in_context(annotator, group.layer, [label_id]))
        left += _waiting_for_others(unit, annotator, group, label_id)
        if left:
            name = label_in(unit.scheme(), group, label_id).name
            raise UserError(
                f"{left:,} {'span' if left == 1 else 'spans'} of {name} are not decided yet", remedy="decide them first"
            )
        return _perform(unit, annotator, DeleteLabel(group, label_id), None, progress)


def _perform(
    unit: UnitOfWork, annotator: str, edit: SchemeEdit, reserved: Reserved | None, progress: Progress | None
) -> OperationReport:
    scheme = unit.scheme()
    _refuse_used_names(unit, edit)
    edit = _with_used(unit, edit)
    changed = change(scheme, edit, reserved)
    if changed == scheme:
        raise UserError("the scheme is like this already")
    if isinstance(edit, SplitLabel) and not unit.sets_with(edit.group, [edit.label_id]):
        changed = change(changed, DeleteLabel(edit.group, edit.label_id))  # nothing has to be decided
    title, migration = title_of(scheme, edit), find_migration(edit)
    return perform_in(unit, annotator, title, [], scheme=changed, migration=migration, progress=progress)


def decisions(rows: Iterable[SpanInContext], label_id: str) -> list[DocumentEdit]:
    """The edits that give these spans this label, one a document."""
    by_document: dict[int, list[Relabel]] = {}
    for row in rows:
        by_document.setdefault(row.key, []).append(Relabel(row.span_id, label_id))
    return [
        DocumentEdit(key, edits[0] if len(edits) == 1 else Batch(tuple(edits))) for key, edits in by_document.items()
    ]


class SchemeDesk:
    """What the scheme editor asks of a project on behalf of one annotator. Every answer is one snapshot."""

    def __init__(self, store: ProjectStore, annotator: str) -> None:
        self._store = store
        self._annotator = annotator

    def scheme(self) -> LabelScheme:
        """The scheme as it is now."""
        with self._store.reading() as reader:
            return reader.scheme()

    def uses(self) -> list[LabelUse]:
        """How often each label is used, by annotator."""
        with self._store.reading() as reader:
            return reader.label_uses()

    def preview(self, group: LabelGroup, label_ids: Collection[str]) -> Preview:
        """What carries these labels: counts by annotator, and examples of the asking annotator's."""
        with self._store.reading() as reader:
            uses = [use for use in reader.label_uses() if use.group == group and use.label_id in label_ids]
            examples = (
                reader.spans_in_context(self._annotator, group.layer, label_ids, MOST_EXAMPLES)
                if group.kind is LabelKind.SPAN
                else []
            )
        return Preview(tuple(uses), tuple(examples))

    def attribute_count(self, layer: str, name: str) -> int:
        """How many spans of a layer, or (``layer`` empty) relations, have a value of this attribute."""
        with self._store.reading() as reader:
            return reader.attribute_count(layer, name)

    def queue(self, group: LabelGroup, label_id: str) -> list[QueueRow]:
        """The annotator's spans that wait for a decision after a split.

        Strings that were decided before come first, then the most frequent ones; the same strings stand together.
        """
        with self._store.reading() as reader:
            label = label_in(reader.scheme(), group, label_id)
            spans = reader.spans_in_context(self._annotator, group.layer, [label_id])
            memory = reader.decided_as(self._annotator, group.layer, label.split_into)
        counts: dict[str, int] = {}
        for span in spans:
            counts[span.folded] = counts.get(span.folded, 0) + 1
        spans.sort(key=lambda one: (one.folded not in memory, -counts[one.folded], one.folded))
        return [QueueRow(span, memory.get(span.folded, {})) for span in spans]

    def waiting_for_others(self, group: LabelGroup, label_id: str) -> int:
        """How many spans of other annotators wait for a decision after a split."""
        with self._store.reading() as reader:
            return _waiting_for_others(reader, self._annotator, group, label_id)

    def find_undoable(self) -> Operation | None:
        """The last change of the scheme that was not taken back, None when there is none."""
        with self._store.reading() as reader:
            done, _ = _scheme_history(reader)
            return reader.find_operation(done[-1]) if done else None

    def find_redoable(self) -> Operation | None:
        """The change of the scheme that was taken back last and can be made again, None when there is none."""
        with self._store.reading() as reader:
            _, undone = _scheme_history(reader)
            return reader.find_operation(undone[-1]) if undone else None


MOST_OPERATIONS = 2000


def _scheme_history(reader: Reader) -> tuple[list[int], list[int]]:
    """Ids of the changes of the scheme that stand, and of those that were taken back since the last new one."""
    done: list[int] = []
    undone: list[int] = []
    for operation in reversed(reader.last_operations(MOST_OPERATIONS)):
        if operation.scheme_after is None:
            continue
        if operation.kind is EntryKind.EDIT:
            done.append(operation.id)
            undone.clear()
        elif operation.undoes is not None:
            source, target = (done, undone) if operation.kind is EntryKind.UNDO else (undone, done)
            if operation.undoes in source:
                source.remove(operation.undoes)
            target.append(operation.undoes)
    return done, undone


def _waiting_for_others(reader: Reader, annotator: str, group: LabelGroup, label_id: str) -> int:
    return sum(
        use.count
        for use in reader.label_uses()
        if use.group == group and use.label_id == label_id and not use.is_pipeline and use.annotator != annotator
    )


def _refuse_used_names(unit: UnitOfWork, edit: SchemeEdit) -> None:
    """Spans and relations hold names of layers and attributes: these names stay then. Raises a `UserError`."""
    match edit:
        case RenameLayer(layer) | RemoveLayer(layer):
            count = sum(use.count for use in unit.label_uses() if use.group.layer == layer)
            if count:
                verb = "renamed" if isinstance(edit, RenameLayer) else "removed"
                raise UserError(
                    f"the layer {layer} cannot be {verb}: {_holding(count)} its name",
                    remedy="delete its labels first" if verb == "removed" else "make a new layer for new spans",
                )
        case ChangeAttribute(layer, name, attribute) if attribute.name.strip() != name:
            if count := unit.attribute_count(layer, name):
                held = _holding(count, "span" if layer else "relation")
                raise UserError(
                    f"the attribute {name} cannot be renamed: {held} its name",
                    remedy="add another attribute",
                )
        case _:
            pass


def _holding(count: int, noun: str = "span") -> str:
    return f"1 {noun} holds" if count == 1 else f"{count:,} {noun}s hold"


def _with_used(unit: UnitOfWork, edit: SchemeEdit) -> SchemeEdit:
    """A scheme that is taken over must keep every label that something carries."""
    if not isinstance(edit, TakeOverScheme):
        return edit
    return replace(edit, used=frozenset((use.group, use.label_id) for use in unit.label_uses()))
