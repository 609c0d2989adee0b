"""What else a scheme says, edited in place: a layer's rules, an attribute, document labels, the scheme itself."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.domain.label_groups import RELATIONS, LabelGroup
from annotator.domain.labels import Attribute, AttributeKind, LabelScheme, Layer, Overlap, Trims
from annotator.domain.scheme_edits import (
    AllowFragments,
    ChangeAttribute,
    LimitDocumentLabels,
    RemoveAttribute,
    RemoveLayer,
    RenameLayer,
    SchemeEdit,
    SetExtensible,
    SetOverlap,
    TrimSuggestions,
)
from annotator.ui.dialogs.choice_box import ChoiceBox, TickBox
from annotator.ui.dialogs.sheet import Rows, plain_button, text_label
from annotator.ui.dialogs.words import counted, sentence, split_names
from annotator.ui.models.scheme_rows import KIND_WORDS
from annotator.ui.panels.label_details import FIELDS_PX, Check, ids_of, names_of
from annotator.ui.panels.scheme_fields import CommitEdit, CommitText, FaultLine

OVERLAP_WORDS = {
    Overlap.ANY: "may overlap in any way",
    Overlap.NESTED: "may lie inside one another",
    Overlap.NONE: "may not overlap",
}


class _Details(QWidget):
    """``edited`` carries a `SchemeEdit` that can be made; why one cannot stands in `fault`."""

    edited = Signal(object)

    def __init__(self, check: Check) -> None:
        super().__init__()
        self._check = check
        self._is_showing = False
        self.fault = FaultLine()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(16)
        self.setMaximumWidth(FIELDS_PX)

    def say(self, edit: SchemeEdit) -> bool:
        """Say why ``edit`` cannot be made; whether it can."""
        fault = self._check(edit)
        self.fault.say(sentence(fault) if fault else "")
        return not fault

    def commit(self, edit: SchemeEdit) -> None:
        """Hand ``edit`` on if it can be made."""
        if not self._is_showing and self.say(edit):
            self.edited.emit(edit)

    def end(self, *buttons: QWidget) -> None:
        """Close the column with the fault and these buttons."""
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.column.addWidget(self.fault)
        self.column.addLayout(row)
        self.column.addStretch(1)


class LayerDetails(_Details):
    """The name of a layer, and what its spans may do."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self._layer = ""
        self.name = CommitEdit("Name of the layer")
        self.overlap = ChoiceBox()
        for overlap, words in OVERLAP_WORDS.items():
            self.overlap.addItem(words, overlap)
        self.fragments = TickBox("A span may be in parts (“North and South Dakota”)")
        self.trim_before = CommitEdit("Words that suggestions leave out at their beginning, with commas between them")
        self.trim_after = CommitEdit("Words that suggestions leave out at their end, with commas between them")
        self.usage = text_label("", "dim")
        self.remove = plain_button("Remove the layer")
        self._assemble()

    def show_layer(self, layer: Layer, *, spans: int | None, is_only: bool) -> None:
        """Show a layer that so many spans are in (None: not counted yet)."""
        self._is_showing = True
        if layer.name != self._layer:
            self.fault.say("")
            for field in (self.name, self.trim_before, self.trim_after):
                field.restore()
        self._layer = layer.name
        self.name.show_text(layer.name)
        self.overlap.setCurrentIndex(self.overlap.findData(layer.overlap))
        self.fragments.setChecked(layer.allows_fragments)
        self.trim_before.show_text(", ".join(layer.trims.before))
        self.trim_after.show_text(", ".join(layer.trims.after))
        self.name.setReadOnly(spans != 0)
        self.remove.setEnabled(spans == 0 and not is_only)
        self.usage.setText(_layer_in_words(spans, is_only=is_only))
        self._is_showing = False

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Name", self.name)
        rows.add("Its spans", self.overlap)
        self.column.addLayout(rows)
        self.column.addWidget(self.fragments)
        trims = Rows()
        trims.add("Suggestions begin without", self.trim_before)
        trims.add("… and end without", self.trim_after)
        self.trim_before.setPlaceholderText("the, a, an")
        self.trim_after.setPlaceholderText("'s")
        self.column.addLayout(trims)
        self.column.addWidget(self.usage)
        self.end(self.remove)
        self.name.textEdited.connect(lambda text: self.say(RenameLayer(self._layer, text)))
        self.name.committed.connect(lambda text: self.commit(RenameLayer(self._layer, text)))
        self.overlap.currentIndexChanged.connect(
            lambda _: self.commit(SetOverlap(self._layer, Overlap(self.overlap.currentData())))
        )
        self.fragments.toggled.connect(lambda is_on: self.commit(AllowFragments(self._layer, is_on)))
        for field in (self.trim_before, self.trim_after):
            field.committed.connect(lambda _: self._on_trims_committed())
        self.remove.clicked.connect(lambda: self.commit(RemoveLayer(self._layer)))

    def _on_trims_committed(self) -> None:
        trims = Trims(split_names(self.trim_before.text()), split_names(self.trim_after.text()))
        self.commit(TrimSuggestions(self._layer, trims))


def _layer_in_words(spans: int | None, *, is_only: bool) -> str:
    if spans is None:
        return "Counting…"
    if spans:
        held = "1 span holds" if spans == 1 else f"{spans:,} spans hold"
        return f"{held} the layer's name: it can be neither renamed nor removed. Rules count for what is labelled next."
    return "No span is in this layer yet." + (" It stays: a scheme has at least one layer." if is_only else "")


class AttributeDetails(_Details):
    """A value that spans of a layer, or (layer empty) relations, may carry."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self._scheme = LabelScheme("none")
        self._layer, self._attribute = "", Attribute("none")
        self.name = CommitEdit("Name of the attribute")
        self.kind = ChoiceBox()
        for kind, words in KIND_WORDS.items():
            self.kind.addItem(words, kind)
        self.values = CommitEdit("Values, with commas between them")
        self.labels = CommitEdit("For the labels, with commas between them")
        self.description = CommitText("Description")
        self.usage = text_label("", "dim")
        self.remove = plain_button("Remove the attribute")
        self._assemble()

    def show_attribute(self, scheme: LabelScheme, layer: str, attribute: Attribute, *, count: int | None) -> None:
        """Show an attribute of which so many spans or relations have a value (None: not counted yet)."""
        self._is_showing = True
        if (layer, attribute.name) != (self._layer, self._attribute.name):
            self.fault.say("")
            for field in (self.name, self.values, self.labels):
                field.restore()
        self._scheme, self._layer, self._attribute = scheme, layer, attribute
        self.name.show_text(attribute.name)
        self.name.setReadOnly(count != 0)
        self.kind.setCurrentIndex(self.kind.findData(attribute.kind))
        self.values.show_text(", ".join(attribute.values))
        self.labels.show_text(names_of(scheme, attribute.labels, self._group))
        self.labels.setPlaceholderText("every label of the layer" if layer else "every relation")
        self.description.show_text(attribute.description)
        self.usage.setText(_attribute_in_words(count, "span" if layer else "relation"))
        self._show_values()
        self._is_showing = False

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Name", self.name)
        rows.add("Its value is", self.kind)
        self._values_head = rows.add("Values", self.values)
        rows.add("For", self.labels)
        rows.add("What it is for", self.description, is_tall=True)
        self.values.setPlaceholderText("certain, likely, doubtful")
        self.column.addLayout(rows)
        self.column.addWidget(self.usage)
        self.end(self.remove)
        for field in (self.name, self.values, self.labels):
            field.textEdited.connect(lambda _: self._on_changed(is_finished=False))
        for committed in (self.name.committed, self.values.committed, self.labels.committed):
            committed.connect(lambda _: self._on_changed(is_finished=True))
        self.description.committed.connect(lambda _: self._on_changed(is_finished=True))
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.remove.clicked.connect(lambda: self.commit(RemoveAttribute(self._layer, self._attribute.name)))

    @property
    def _group(self) -> LabelGroup:
        return LabelGroup.of_layer(self._layer) if self._layer else RELATIONS

    def _show_values(self) -> None:
        is_choice = self.kind.currentData() == AttributeKind.CHOICE
        self.values.setVisible(is_choice)
        self._values_head.setVisible(is_choice)

    def _on_kind_changed(self) -> None:
        self._show_values()
        if not self._is_showing:
            self._on_changed(is_finished=True)
            if self.fault.text():
                self.values.setFocus()

    def _on_changed(self, *, is_finished: bool) -> None:
        if self._is_showing:
            return
        labels, fault = ids_of(self._scheme, self.labels.text(), self._group)
        if fault:
            self.fault.say(fault)
            return
        changed = replace(
            self._attribute,
            name=self.name.text(),
            kind=AttributeKind(self.kind.currentData()),
            values=split_names(self.values.text()),
            labels=labels,
            description=self.description.toPlainText(),
        )
        edit = ChangeAttribute(self._layer, self._attribute.name, changed)
        if is_finished:
            self.commit(edit)
        else:
            self.say(edit)


def _attribute_in_words(count: int | None, noun: str) -> str:
    if count is None:
        return "Counting…"
    if not count:
        return f"No {noun} has a value of it yet."
    return f"{counted(count, noun)} with a value of it: it cannot be renamed, and they keep it when it is removed."


class DocumentLabelDetails(_Details):
    """Whether a document has one document label or several."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self.choice = ChoiceBox()
        self.choice.addItem("any number of labels", userData=False)
        self.choice.addItem("one label at most", userData=True)
        rows = Rows()
        rows.add("A document has", self.choice)
        self.column.addLayout(rows)
        self.end()
        self.choice.currentIndexChanged.connect(
            lambda _: self.commit(LimitDocumentLabels(bool(self.choice.currentData())))
        )

    def show_scheme(self, scheme: LabelScheme) -> None:
        """Show what holds."""
        self._is_showing = True
        self.choice.setCurrentIndex(int(scheme.has_single_document_label))
        self._is_showing = False


class SchemeDetails(_Details):
    """The scheme as a whole: what imports may do, and its file."""

    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self.about = text_label("", "dim")
        self.extensible = TickBox("Imported files may add labels that the scheme does not have")
        self.bring = plain_button("Import a scheme…")
        self.save = plain_button("Export this scheme…")
        self.column.addWidget(self.about)
        self.column.addWidget(self.extensible)
        self.end(self.save, self.bring)
        self.extensible.toggled.connect(lambda is_on: self.commit(SetExtensible(is_on)))
        self.bring.clicked.connect(self.import_requested)
        self.save.clicked.connect(self.export_requested)

    def show_scheme(self, scheme: LabelScheme) -> None:
        """Show what holds."""
        self._is_showing = True
        self.about.setText(scheme.description or "Every change here is one step: Ctrl+Z takes it back.")
        self.extensible.setChecked(scheme.is_extensible)
        self._is_showing = False


class SectionDetails(_Details):
    """A section that has only words: what stands under it, and how to add to it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self.words = text_label("", "dim")
        self.column.addWidget(self.words)
        self.end()
