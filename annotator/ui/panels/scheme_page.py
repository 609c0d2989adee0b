"""The scheme editor: on the left every label, on the right the chosen one, edited in place. Each change is one step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.errors import UserError
from annotator.domain.label_groups import RELATIONS, LabelGroup, label_in, labels_of
from annotator.domain.labels import Label, LabelScheme
from annotator.domain.scheme_edits import (
    AddAttribute,
    AddLabel,
    AddLayer,
    DeleteLabel,
    MergeLabels,
    MoveLabel,
    SchemeEdit,
    SplitLabel,
    TakeOverScheme,
    change,
)
from annotator.domain.scheme_parts import attributes_in
from annotator.ui.actions import reserved_keys
from annotator.ui.dialogs.preview import DryRun
from annotator.ui.dialogs.scheme_sheets import DeleteSheet, LabelPreview, MergeSheet, SplitSheet
from annotator.ui.dialogs.words import sentence
from annotator.ui.models.scheme_rows import RowKind, SchemeRow, human_counts, rows_of
from annotator.ui.naming import named
from annotator.ui.pages import Page
from annotator.ui.panels.label_details import LabelDetails
from annotator.ui.panels.rule_details import (
    AttributeDetails,
    DocumentLabelDetails,
    LayerDetails,
    SchemeDetails,
    SectionDetails,
)
from annotator.ui.panels.scheme_adding import addition, parts_of_split, what_is_added
from annotator.ui.panels.scheme_fields import CommitEdit
from annotator.ui.panels.scheme_list import SchemeList
from annotator.ui.panels.split_panel import SplitPanel
from annotator.ui.tasks import Finished, Outcome
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows import scheme_editing
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.clock import new_id
from annotator.workflows.operations import OperationReport
from annotator.workflows.progress import Progress
from annotator.workflows.scheme_editing import LabelUse, SchemeDesk, SpanInContext
from annotator.workflows.schemes import load_scheme, save_scheme

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

SIDE_PX = 330
MARGIN_PX = 32
TOML_FILTER = "Label schemes (*.toml)"
SECTION_WORDS = {
    RowKind.ATTRIBUTES: "Attributes are values that a span or a relation may carry besides its label. Type a name on "
    "the left to add one.",
    RowKind.RELATIONS: "Relations are arrows between spans. Type a name on the left to add one; then say which labels "
    "it may join.",
}


class SchemePage(Page):
    """One page of a window, for the open project."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._scheme = LabelScheme("none")
        self._uses: Sequence[LabelUse] | None = None
        self._theme: Theme = LIGHT
        self._done: list[int] = []
        self._undone: list[int] = []
        self._is_deciding = False
        named(self, "scheme_page")
        self.list = SchemeList()
        self.add = CommitEdit("Add")
        self.label = LabelDetails(self.why_not)
        self.layer = LayerDetails(self.why_not)
        self.attribute = AttributeDetails(self.why_not)
        self.documents = DocumentLabelDetails(self.why_not)
        self.whole = SchemeDetails(self.why_not)
        self.section = SectionDetails(self.why_not)
        self.split = SplitPanel()
        self.stack = QStackedWidget()
        self._counting = DryRun(window.tasks, self)
        self._connect()
        self._assemble()

    @property
    def desk(self) -> SchemeDesk:
        """What the page asks of the project. Only while one is open."""
        assert self._window.project is not None
        return self._window.project.scheme_desk(self._window.annotator)

    def enter(self) -> None:
        self._done, self._undone = [], []
        self._uses = None
        self.refresh()
        self.list.setFocus()

    def refresh(self) -> None:
        row = self.list.find_row()
        number = self.list.currentIndex().row()
        self._scheme = self.desk.scheme()
        counts = human_counts(self._uses) if self._uses is not None else None
        self.list.rows.show(rows_of(self._scheme, counts))
        self.list.choose(row.place if row else None, max(number, 2) if number >= 0 else 2)
        self._counting.ask(self._count)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.list.set_theme(theme)
        self.label.set_theme(theme)
        self.split.set_theme(theme)

    def undo(self) -> bool:
        found = None if self._done else self.desk.find_undoable()
        if not self._done and found is None:
            self._window.say("Nothing was changed in the scheme yet.")
        else:
            self._window.operator.undo(found.id if found else self._done[-1], self._on_undone)
        return True

    def redo(self) -> bool:
        found = None if self._undone else self.desk.find_redoable()
        if not self._undone and found is None:
            self._window.say("There is nothing to do again in the scheme.")
        else:
            self._window.operator.redo(found.id if found else self._undone[-1], self._on_redone)
        return True

    def why_not(self, edit: SchemeEdit) -> str:
        """Why an edit cannot be made, in a sentence; an empty string when it can."""
        try:
            change(self._scheme, edit, reserved_keys())
        except UserError as fault:
            return str(fault)
        return ""

    def perform(self, edit: SchemeEdit, documents: int = 0) -> None:
        """Change the scheme as one step of undo; ``documents``: about how many it changes."""

        def work(session: AnnotationSession, progress: Progress | None) -> OperationReport:
            return session.operate_by(
                lambda store: scheme_editing.perform(
                    store, session.annotator, edit, reserved=reserved_keys(), progress=progress
                )
            )

        self._window.operator.run_by("Changing the scheme", work, documents, self._on_performed)

    def _connect(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.edit_requested.connect(self._on_edit_requested)
        self.list.delete_requested.connect(self._on_delete_requested)
        self.list.moved.connect(self._on_moved)
        self.add.committed.connect(self._on_add_committed)
        for details in (self.label, self.layer, self.attribute, self.documents, self.whole):
            details.edited.connect(self._on_edited)
        self.label.merge_requested.connect(self._on_merge_requested)
        self.label.split_requested.connect(self._on_split_requested)
        self.label.delete_requested.connect(self._on_delete_requested)
        self.whole.import_requested.connect(self._on_import_requested)
        self.whole.export_requested.connect(self._on_export_requested)
        self.split.decided.connect(self._on_decided)
        self.split.opened.connect(self._on_opened)
        self.split.finished.connect(self._on_finished)
        self._counting.answered.connect(self._on_counted)

    def _assemble(self) -> None:
        side = named(QWidget(), "scheme_side")
        side.setFixedWidth(SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 14, 8, 14)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        adding = QHBoxLayout()
        adding.setContentsMargins(INDENT_PX, 0, INDENT_PX, 0)
        adding.addWidget(self.add)
        column.addLayout(adding)
        for details in (self.label, self.layer, self.attribute, self.documents, self.whole, self.section):
            self.stack.addWidget(_scrolled(details))
        self.stack.addWidget(_framed(self.split))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self.stack, 1)

    def _count(self, _progress: Progress) -> list[LabelUse]:
        return self.desk.uses()

    def _show_row(self, row: SchemeRow) -> None:
        self.add.setPlaceholderText(what_is_added(row))
        self.add.setAccessibleName(what_is_added(row))
        match row.kind:
            case RowKind.LABEL if row.is_split:
                self._show_split(row)
            case RowKind.LABEL:
                self.label.show_label(self._scheme, row.group, row.id)
                self._show_uses(row)
                self._turn_to(self.label)
            case RowKind.ATTRIBUTE:
                self._show_attribute(row)
            case RowKind.LAYER:
                self._show_layer(row)
            case RowKind.SCHEME:
                self.whole.show_scheme(self._scheme)
                self._turn_to(self.whole)
            case RowKind.DOCUMENTS:
                self.documents.show_scheme(self._scheme)
                self._turn_to(self.documents)
            case _:
                self.section.words.setText(SECTION_WORDS[row.kind])
                self._turn_to(self.section)

    def _show_uses(self, row: SchemeRow) -> None:
        if self._uses is None:
            self.label.show_uses(None)
        else:
            self.label.show_uses([use for use in self._uses if (use.group, use.label_id) == (row.group, row.id)])

    def _show_layer(self, row: SchemeRow) -> None:
        layer = self._scheme.find_layer(row.id)
        if layer is not None:
            uses = self._uses
            spans = None if uses is None else sum(use.count for use in uses if use.group == row.group)
            self.layer.show_layer(layer, spans=spans, is_only=len(self._scheme.layers) == 1)
            self._turn_to(self.layer)

    def _show_attribute(self, row: SchemeRow) -> None:
        layer = row.group.layer
        found = next((one for one in attributes_in(self._scheme, layer) if one.name == row.id), None)
        if found is not None:
            count = self.desk.attribute_count(layer, row.id)
            self.attribute.show_attribute(self._scheme, layer, found, count=count)
            self._turn_to(self.attribute)

    def _show_split(self, row: SchemeRow) -> None:
        label = label_in(self._scheme, row.group, row.id)
        parts = [label_in(self._scheme, row.group, part) for part in label.split_into]
        self.split.show_parts(label.name, parts)
        if self._is_deciding:  # a key is one decision: the queue is not read anew for each
            return
        rows = self.desk.queue(row.group, row.id)
        others = self.desk.waiting_for_others(row.group, row.id)
        self.split.show_queue(rows, others, keeps_order=self.stack.currentWidget() is self.split.parentWidget())
        self._turn_to(self.split)

    def _turn_to(self, details: QWidget) -> None:
        """Show these details; each lies in a widget of the stack."""
        for number in range(self.stack.count()):
            holder = self.stack.widget(number)
            if holder is not None and holder.isAncestorOf(details):
                self.stack.setCurrentIndex(number)

    def _current_label(self) -> SchemeRow | None:
        row = self.list.find_row()
        return row if row is not None and row.kind is RowKind.LABEL else None

    def _on_chosen(self, row: SchemeRow) -> None:
        with self._window.saying_faults():
            self._show_row(row)

    def _on_edited(self, edit: SchemeEdit) -> None:
        self.perform(edit)

    def _on_performed(self, report: OperationReport) -> None:
        self._done.append(report.operation.id)
        self._undone.clear()
        count = len(report.keys)
        reach = f" {count:,} document{'' if count == 1 else 's'} changed." if count else ""
        self._window.say(f"{report.operation.title}.{reach} Ctrl+Z takes it back.")

    def _on_undone(self, report: OperationReport) -> None:
        """Only what could be undone is made again next."""
        self._done, self._undone = _moved(report.operation.undoes, self._done, self._undone)

    def _on_redone(self, report: OperationReport) -> None:
        self._undone, self._done = _moved(report.operation.undoes, self._undone, self._done)

    def _on_counted(self, outcome: Outcome) -> None:
        if isinstance(outcome, Finished):
            self._uses = outcome.value
            self.list.rows.show(rows_of(self._scheme, human_counts(outcome.value)))
            row = self.list.find_row()
            if row is not None and row.kind is RowKind.LABEL and not row.is_split:
                self._show_uses(row)
            elif row is not None and row.kind is RowKind.LAYER:
                self._show_layer(row)

    def _on_add_committed(self, name: str) -> None:
        row = self.list.find_row()
        if row is None or not name.strip():
            return
        edit = addition(self._scheme, row, name, new_id(), reserved_keys())
        if fault := self.why_not(edit):
            self._window.say(sentence(fault), is_bad=True)
            return
        self.add.setText("")
        self.perform(edit)
        match edit:
            case AddLabel(group, label):
                self.list.choose((RowKind.LABEL, group, label.id))
            case AddAttribute(layer, attribute):
                group = LabelGroup.of_layer(layer) if layer else RELATIONS
                self.list.choose((RowKind.ATTRIBUTE, group, attribute.name.strip()))
                self.attribute.kind.setFocus()  # it is only a name yet
            case AddLayer(layer):
                self.list.choose((RowKind.LAYER, LabelGroup.of_layer(layer.strip()), layer.strip()))
            case _:
                pass

    def _on_edit_requested(self) -> None:
        row = self.list.find_row()
        field = {RowKind.LABEL: self.label.name, RowKind.ATTRIBUTE: self.attribute.name, RowKind.LAYER: self.layer.name}
        if row is not None and row.is_split:
            self.split.list.setFocus()
        elif row is not None and row.kind in field:
            field[row.kind].setFocus()
            field[row.kind].selectAll()

    def _on_moved(self, step: int) -> None:
        row = self._current_label()
        if row is not None:
            ids = [label.id for label in labels_of(self._scheme, row.group)]
            place = ids.index(row.id) + step
            if 0 <= place < len(ids):
                self.perform(MoveLabel(row.group, row.id, place))

    def _preview(self, row: SchemeRow) -> LabelPreview:
        desk = self.desk
        work = lambda _progress: desk.preview(row.group, [row.id])  # noqa: E731
        return LabelPreview(row.group, self._window.tasks, work, self._theme)

    def _others(self, row: SchemeRow) -> list[Label]:
        return [one for one in labels_of(self._scheme, row.group) if one.id != row.id and not one.split_into]

    def _on_merge_requested(self) -> None:
        if (row := self._current_label()) is not None:
            label = label_in(self._scheme, row.group, row.id)
            sheet = MergeSheet(label, self._others(row), self._preview(row), self._window)
            sheet.confirmed.connect(
                lambda target, documents: self.perform(MergeLabels(row.group, (row.id,), target), documents)
            )
            sheet.open()

    def _on_delete_requested(self) -> None:
        if (row := self._current_label()) is not None and not row.is_split:
            label = label_in(self._scheme, row.group, row.id)
            sheet = DeleteSheet(label, self._others(row), self._preview(row), self._window)
            sheet.confirmed.connect(
                lambda target, documents: self.perform(DeleteLabel(row.group, row.id, target), documents)
            )
            sheet.open()

    def _on_split_requested(self) -> None:
        if (row := self._current_label()) is not None:
            label = label_in(self._scheme, row.group, row.id)
            sheet = SplitSheet(label, self._preview(row), partial(self._why_not_split, row), self._window)
            sheet.confirmed.connect(lambda names, _documents: self._split(row, names))
            sheet.open()

    def _split(self, row: SchemeRow, names: Sequence[str]) -> None:
        self.perform(self._splitting(row, names))
        (self.split.list if self.split.isVisible() else self.list).setFocus()

    def _splitting(self, row: SchemeRow, names: Sequence[str]) -> SplitLabel:
        parts = parts_of_split(self._scheme, row.group, row.id, names, new_id, reserved_keys())
        return SplitLabel(row.group, row.id, parts)

    def _why_not_split(self, row: SchemeRow, names: Sequence[str]) -> str:
        return self.why_not(self._splitting(row, names))

    def _on_decided(self, spans: Sequence[SpanInContext], label_id: str) -> None:
        row = self._current_label()
        if row is None:
            return
        name = label_in(self._scheme, row.group, label_id).name
        title = f"Decide {spans[0].surface[:40]} for {name}"
        edits = scheme_editing.decisions(spans, label_id)
        self._is_deciding = True
        self._window.operator.run(
            title, edits, then=lambda report: self._on_decision_made(report, row, spans, label_id)
        )
        self._is_deciding = False

    def _on_decision_made(
        self, report: OperationReport, row: SchemeRow, spans: Sequence[SpanInContext], label_id: str
    ) -> None:
        self._done.append(report.operation.id)
        self._undone.clear()
        self._is_deciding = False
        if report.left_out:
            document_id, reason = report.left_out[0]
            self._window.say(f"{document_id}: {reason}", is_bad=True)
            self._show_split(row)
            return
        self.split.take_out(spans, label_id)
        if not self.split.rows and not self.desk.waiting_for_others(row.group, row.id):
            QTimer.singleShot(0, self._on_finished)  # an operation of its own: undo brings the last decision back

    def _on_finished(self) -> None:
        row = self._current_label()
        if row is None or not row.is_split:
            return

        def work(session: AnnotationSession, progress: Progress | None) -> OperationReport:
            return session.operate_by(
                lambda store: scheme_editing.finish_split(store, session.annotator, row.group, row.id, progress)
            )

        self._window.operator.run_by("Finishing the split", work, 0, self._on_performed)

    def _on_opened(self, span: SpanInContext) -> None:
        self._window.go_to(span.key, span.start, span.end, span_id=span.span_id)

    def _on_export_requested(self) -> None:
        name = f"{self._scheme.name}.toml"
        folder = Path(self._window.project.location).absolute().parent if self._window.project else Path.home()
        chosen = QFileDialog.getSaveFileName(self, "Export this scheme", str(folder / name), TOML_FILTER)[0]
        if chosen:
            with self._window.saying_faults():
                path = Path(chosen) if Path(chosen).suffix else Path(f"{chosen}.toml")
                save_scheme(self._scheme, path)
                self._window.say(f"The scheme is in {path}.")

    def _on_import_requested(self) -> None:
        folder = Path(self._window.project.location).absolute().parent if self._window.project else Path.home()
        chosen = QFileDialog.getOpenFileName(self, "Import a scheme", str(folder), TOML_FILTER)[0]
        if chosen:
            with self._window.saying_faults():
                self.perform(TakeOverScheme(load_scheme(chosen)))


INDENT_PX = 12


def _moved(operation_id: int | None, source: list[int], target: list[int]) -> tuple[list[int], list[int]]:
    added = [] if operation_id is None else [operation_id]
    return [one for one in source if one != operation_id], [*target, *added]


def _scrolled(details: QWidget) -> QScrollArea:
    area = QScrollArea(widgetResizable=True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows its fields
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(_framed(details, is_wide=False))
    return area


def _framed(details: QWidget, *, is_wide: bool = True) -> QWidget:
    """Details on the calm page, with room around them; what is not wide stands on the left."""
    frame = named(QWidget(), "scheme_details")
    row = QHBoxLayout(frame)
    row.setContentsMargins(MARGIN_PX, MARGIN_PX - 4, MARGIN_PX, MARGIN_PX - 8)
    row.addWidget(details, 12)
    if not is_wide:
        row.addStretch(1)
    return frame
