"""The chosen label of the scheme editor, edited in place. Every finished change is one `SchemeEdit`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.domain.label_groups import LabelGroup, LabelKind, label_in, labels_of
from annotator.domain.labels import Label, LabelScheme, RelationRule
from annotator.domain.scheme_edits import (
    DescribeLabel,
    NameAliases,
    RecolourLabel,
    RekeyLabel,
    RenameLabel,
    RuleRelation,
    SchemeEdit,
)
from annotator.ui.dialogs.sheet import Rows, plain_button, text_label
from annotator.ui.dialogs.words import counted, sentence, split_names
from annotator.ui.panels.scheme_fields import CommitEdit, CommitText, FaultLine, HueField, KeyField
from annotator.ui.theme import Theme
from annotator.workflows.scheme_editing import LabelUse

Check: TypeAlias = Callable[[SchemeEdit], str]
"""Why an edit cannot be made, in a sentence; an empty string when it can."""

FIELDS_PX = 560
_NOUNS = {LabelKind.SPAN: "span", LabelKind.RELATION: "relation", LabelKind.DOCUMENT: "document"}


class LabelDetails(QWidget):
    """``edited`` carries a `SchemeEdit`; the others ask for a sheet about the label."""

    edited = Signal(object)
    merge_requested = Signal()
    split_requested = Signal()
    delete_requested = Signal()

    def __init__(self, check: Check) -> None:
        super().__init__()
        self._check = check
        self._scheme = LabelScheme("none")
        self._group, self._id = LabelGroup(), ""
        self.name = CommitEdit("Name")
        self.key = KeyField()
        self.hue = HueField()
        self.description = CommitText("Description")
        self.aliases = CommitEdit("Other names, with commas between them")
        self.heads = CommitEdit("From, with commas between the labels")
        self.ends = CommitEdit("To, with commas between the labels")
        self.fault = FaultLine()
        self.usage = text_label("", "dim")
        self.merge = plain_button("Merge into…")
        self.split = plain_button("Split…")
        self.delete = plain_button("Delete…")
        self._connect()
        self._assemble()

    def show_label(self, scheme: LabelScheme, group: LabelGroup, label_id: str) -> None:
        """Show a label. Raises `UnknownLabel`."""
        label = label_in(scheme, group, label_id)
        if (group, label_id) != (self._group, self._id):
            self.fault.say("")
            for field in (self.name, self.aliases, self.heads, self.ends):
                field.restore()
        self._scheme, self._group, self._id = scheme, group, label_id
        self.name.show_text(label.name)
        self.key.setText(label.key)
        self.description.show_text(label.description)
        self.aliases.show_text(", ".join(label.aliases))
        others = [one for one in labels_of(scheme, group) if one.id != label_id]
        self.hue.show_hue(label.hue, others)
        self._show_rule(group, label)
        self.merge.setEnabled(any(not one.split_into for one in others))
        self.split.setVisible(group.kind is LabelKind.SPAN)

    def show_uses(self, uses: Sequence[LabelUse] | None) -> None:
        """Say how often the label is used; None while it is not known."""
        self.usage.setText("Counting…" if uses is None else uses_in_words(uses, _NOUNS[self._group.kind]))

    def set_theme(self, theme: Theme) -> None:
        """Colours of the swatches."""
        self.hue.set_theme(theme)

    def _show_rule(self, group: LabelGroup, label: Label) -> None:
        is_relation = group.kind is LabelKind.RELATION
        for widget in (self.heads, self.ends, self._heads_head, self._ends_head):
            widget.setVisible(is_relation)
        if is_relation:
            rule = next(iter(self._scheme.rules_of(label.id)), RelationRule(label.id))
            self.heads.show_text(names_of(self._scheme, rule.heads))
            self.ends.show_text(names_of(self._scheme, rule.children))

    def _connect(self) -> None:
        self.name.textEdited.connect(lambda text: self._say(RenameLabel(self._group, self._id, text)))
        self.name.committed.connect(lambda text: self._commit(RenameLabel(self._group, self._id, text)))
        self.key.pressed_key.connect(self._on_key_pressed)
        self.hue.chosen.connect(lambda hue: self._commit(RecolourLabel(self._group, self._id, hue)))
        self.description.committed.connect(lambda text: self._commit(DescribeLabel(self._group, self._id, text)))
        self.aliases.textEdited.connect(lambda text: self._say(self._aliased(text)))
        self.aliases.committed.connect(lambda text: self._commit(self._aliased(text)))
        for field in (self.heads, self.ends):
            field.textEdited.connect(self._on_rule_edited)
            field.committed.connect(self._on_rule_committed)
        self.merge.clicked.connect(self.merge_requested)
        self.split.clicked.connect(self.split_requested)
        self.delete.clicked.connect(self.delete_requested)

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Name", self.name)
        rows.add("Key", self.key)
        rows.add("Colour", self.hue)
        self._heads_head = rows.add("From", self.heads)
        self._ends_head = rows.add("To", self.ends)
        rows.add("What it is for", self.description, is_tall=True)
        rows.add("Also called", self.aliases)
        self.aliases.setPlaceholderText("other names in files and pipelines: PER, PERS")
        for field in (self.heads, self.ends):
            field.setPlaceholderText("any label")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.merge, self.split, self.delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(rows)
        for widget in (self.fault, self.usage):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addStretch(1)
        self.setMaximumWidth(FIELDS_PX)

    def _aliased(self, text: str) -> SchemeEdit:
        return NameAliases(self._group, self._id, split_names(text))

    def _say(self, edit: SchemeEdit) -> bool:
        """Say why ``edit`` cannot be made; whether it can."""
        fault = self._check(edit)
        self.fault.say(sentence(fault) if fault else "")
        return not fault

    def _commit(self, edit: SchemeEdit) -> None:
        if self._say(edit):
            self.edited.emit(edit)

    def _on_key_pressed(self, key: str) -> None:
        if key != self.key.text():
            self._commit(RekeyLabel(self._group, self._id, key))

    def _on_rule_edited(self) -> None:
        ids, fault = self._rule_ids()
        self.fault.say(fault)
        if not fault:
            self._say(RuleRelation(self._id, *ids))

    def _on_rule_committed(self) -> None:
        ids, fault = self._rule_ids()
        self.fault.say(fault)
        if not fault:
            self._commit(RuleRelation(self._id, *ids))

    def _rule_ids(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], str]:
        heads, first = ids_of(self._scheme, self.heads.text())
        children, second = ids_of(self._scheme, self.ends.text())
        return (heads, children), first or second


def names_of(scheme: LabelScheme, ids: Sequence[str], group: LabelGroup | None = None) -> str:
    """The names of labels with commas between them: of a group, or of spans in any layer."""
    names = {label.id: label.name for label in _labels(scheme, group)}
    return ", ".join(names.get(one, one) for one in ids)


def ids_of(scheme: LabelScheme, text: str, group: LabelGroup | None = None) -> tuple[tuple[str, ...], str]:
    """The ids of the labels named in ``text``, and a sentence about the first name that is none.

    They are labels of the group, or without one of spans in any layer.
    """
    known = {label.name.casefold(): label.id for label in _labels(scheme, group)}
    ids: list[str] = []
    for name in split_names(text):
        if name.casefold() not in known:
            return tuple(ids), f"There is no label {name}; type names of labels with commas between them."
        ids.append(known[name.casefold()])
    return tuple(dict.fromkeys(ids)), ""


def _labels(scheme: LabelScheme, group: LabelGroup | None) -> Sequence[Label]:
    return [label for _, label in scheme.labels] if group is None else labels_of(scheme, group)


def uses_in_words(uses: Sequence[LabelUse], noun: str) -> str:
    """``312 spans in 40 documents, 17 of them not decided; pipelines suggest it 290 times.``"""
    people = [use for use in uses if not use.is_pipeline]
    count, open_ = sum(use.count for use in people), sum(use.undecided for use in people)
    documents = f" in {counted(sum(use.documents for use in people), 'document')}" if noun != "document" else ""
    words = f"{counted(count, noun)}{documents}" if count else f"No {noun} carries it yet"
    if len(people) > 1:
        words = f"{len(people)} annotators: {words}"
    if open_:
        words += f", {open_:,} of them not decided"
    suggested = sum(use.count for use in uses if use.is_pipeline)
    return f"{words}; pipelines suggest it {suggested:,} times." if suggested else f"{words}."
