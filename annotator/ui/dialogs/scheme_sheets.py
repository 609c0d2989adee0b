"""Sheets that ask how to merge, split or delete a label, with a count of what it means and examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from annotator.domain.label_groups import LabelGroup, LabelKind
from annotator.domain.labels import Label
from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.preview import DryRun
from annotator.ui.dialogs.sheet import Rows, Sheet, plain_button, text_label
from annotator.ui.dialogs.words import counted
from annotator.ui.panels.kwic_lines import KwicLine, KwicList
from annotator.ui.tasks import Finished, Outcome, Tasks, Work
from annotator.ui.theme import Theme
from annotator.workflows.scheme_editing import Preview

NOUNS = {LabelKind.SPAN: "span", LabelKind.RELATION: "relation", LabelKind.DOCUMENT: "document"}
MOST_WHOSE = 6
EXAMPLES_PX = 180
FEWEST_PARTS = 2


class LabelPreview(QWidget):
    """Whose spans carry a label, and what some of them look like. ``known`` comes when it was counted."""

    known = Signal(object)

    def __init__(self, group: LabelGroup, tasks: Tasks, work: Work, theme: Theme) -> None:
        super().__init__()
        self.noun = NOUNS[group.kind]
        self.is_known = False
        self.preview = Preview()
        self.counts = text_label("Counting…", "dim")
        self.examples = KwicList("Examples")
        self.examples.set_theme(theme)
        self.examples.setFixedHeight(EXAMPLES_PX)
        self.examples.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.counts)
        column.addWidget(self.examples)
        self._counting = DryRun(tasks, self)
        self._counting.answered.connect(self._on_answered)
        self._counting.ask(work)

    @property
    def what(self) -> str:
        """``312 spans``, or ``36 suggestions`` when no annotator has any; empty until it was counted."""
        if not self.is_known:
            return ""
        people = sum(use.count for use in self.preview.uses if not use.is_pipeline)
        if not people and self.preview.count:
            return counted(self.preview.count, "suggestion")
        return counted(people, self.noun)

    def _on_answered(self, outcome: Outcome) -> None:
        self.is_known = isinstance(outcome, Finished)
        if isinstance(outcome, Finished):
            self.preview = outcome.value
            self.counts.setText(whose_in_words(self.preview, self.noun))
            lines = [KwicLine(span, "" if span.is_decided else "suggested") for span in self.preview.examples]
            self.examples.show_lines(lines)
            self.examples.setVisible(bool(lines))
        else:
            self.counts.setText("It could not be counted.")
        self.known.emit(self.preview)


def whose_in_words(preview: Preview, noun: str) -> str:
    """One line an annotator: ``alice: 120 spans in 30 documents``."""
    if not preview.uses:
        return f"No {noun} carries it."
    lines = []
    for use in preview.uses[:MOST_WHOSE]:
        what = f"{'suggestion' if use.is_pipeline else noun}"
        where = f" in {counted(use.documents, 'document')}" if noun != "document" else ""
        lines.append(f"{use.annotator}: {counted(use.count, what)}{where}")
    if len(preview.uses) > MOST_WHOSE:
        lines.append(f"and {len(preview.uses) - MOST_WHOSE} others")
    return "\n".join(lines)


class _LabelSheet(Sheet):
    """``confirmed`` carries what the person decided and how many documents it changes."""

    confirmed = Signal(object, int)

    def __init__(self, title: str, verb: str, label: Label, preview: LabelPreview, parent: QWidget) -> None:
        super().__init__(title, verb, parent, width_px=620)
        self.label = label
        self.preview = preview
        self.preview.known.connect(lambda _: self._on_known())
        self.go.clicked.connect(self._on_go_clicked)

    @property
    def what(self) -> str:
        """What is changed: ``312 spans``, or ``36 suggestions`` when nobody decided any; empty while not counted."""
        return self.preview.what

    def answer(self) -> object:
        """What the person decided."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Say on the button what it does."""

    def _on_known(self) -> None:
        self.refresh()
        self.fit()

    def _on_go_clicked(self) -> None:
        documents = sum(use.documents for use in self.preview.preview.uses)
        answer = self.answer()
        self.accept()
        self.confirmed.emit(answer, documents)


class MergeSheet(_LabelSheet):
    """Into which label. ``confirmed`` carries its id."""

    def __init__(self, label: Label, others: Sequence[Label], preview: LabelPreview, parent: QWidget) -> None:
        super().__init__(f"Merge {label.name} into another label", "Merge", label, preview, parent)
        self.target = label_box(others)
        self.about = text_label("", "dim")
        rows = Rows()
        rows.add("Merge into", self.target)
        self.body.addLayout(rows)
        self.body.addWidget(self.about)
        self.body.addWidget(preview)
        self.target.currentIndexChanged.connect(lambda _: self.refresh())
        self.refresh()

    def answer(self) -> object:
        return str(self.target.currentData())

    def refresh(self) -> None:
        into = self.target.currentText()
        self.go.setText(f"Merge {self.what or short(self.label.name)} into {short(into)}")
        self.about.setText(
            f"{self.label.name} goes; {into} takes its place for every annotator. Pipelines and files may go on "
            f"saying {self.label.name}. One step of undo."
        )


class SplitSheet(_LabelSheet):
    """Into which labels. ``confirmed`` carries their names; a name of a label that is there means that one."""

    def __init__(
        self, label: Label, preview: LabelPreview, check: Callable[[tuple[str, ...]], str], parent: QWidget
    ) -> None:
        super().__init__(f"Split {label.name}", "Split", label, preview, parent)
        self._check = check
        self.parts: list[QLineEdit] = []
        self.more = plain_button("Another part", "link")
        self._rows = Rows()
        self.body.addWidget(
            text_label(
                f"Nobody can give {label.name} any more. Its spans wait on this page, one key for each decision; "
                "then the label goes. A name of a label that is there means that label.",
                "dim",
            )
        )
        self.body.addLayout(self._rows)
        self.body.addWidget(self.more)
        self.body.addWidget(preview)
        self.more.clicked.connect(self._on_more_clicked)
        for _ in range(FEWEST_PARTS):
            self._add_part()
        self.first = self.parts[0]
        self.refresh()

    def names(self) -> tuple[str, ...]:
        """The names typed so far."""
        return tuple(name for part in self.parts if (name := part.text().strip()))

    def answer(self) -> object:
        return self.names()

    def refresh(self) -> None:
        names = self.names()
        enough = len(names) >= FEWEST_PARTS
        fault = self._check(names) if enough else ""
        self.say(fault or ("" if enough else "Name two parts or more."), is_bad=bool(fault))
        self.go.setEnabled(enough and not fault)
        self.go.setText(f"Split {short(self.label.name)} into {len(names)} labels" if enough else "Split")

    def _add_part(self) -> None:
        part = QLineEdit()
        self.parts.append(part)
        self._rows.add(f"Part {len(self.parts)}", part)
        part.textEdited.connect(lambda _: self.refresh())

    def _on_more_clicked(self) -> None:
        self._add_part()
        self.parts[-1].setFocus()
        self.fit()


class DeleteSheet(_LabelSheet):
    """Whether its spans go or get another label. ``confirmed`` carries that label's id, empty when they go."""

    def __init__(self, label: Label, others: Sequence[Label], preview: LabelPreview, parent: QWidget) -> None:
        super().__init__(f"Delete {label.name}", "Delete", label, preview, parent)
        self.remove = QRadioButton("Remove what carries it")
        self.relabel = QRadioButton("Relabel it as")
        self.target = label_box(others)
        group = QButtonGroup(self)
        for button in (self.remove, self.relabel):
            group.addButton(button)
            button.toggled.connect(lambda _: self.refresh())
        rows = Rows()
        rows.addWidget(self.remove, 0, 0, 1, 2)
        rows.addWidget(self.relabel, 1, 0)
        rows.addWidget(self.target, 1, 1)
        self.target.setAccessibleName("Relabel as")
        self.target.currentIndexChanged.connect(lambda _: self.refresh())
        self.body.addLayout(rows)
        self.body.addWidget(preview)
        self.relabel.setEnabled(bool(others))
        self.remove.setChecked(True)
        self.first = self.remove
        self.refresh()

    def answer(self) -> object:
        return str(self.target.currentData()) if self.relabel.isChecked() else ""

    def refresh(self) -> None:
        self.target.setEnabled(self.relabel.isChecked())
        name, is_used = short(self.label.name), bool(self.preview.preview.count)
        if self.relabel.isChecked():
            self.go.setText(f"Relabel {self.what or name} as {short(self.target.currentText())}")
        elif not is_used:
            self.go.setText(f"Delete {name}")
        else:
            joined = "from" if self.preview.noun == "document" else "and"
            self.go.setText(f"Delete {name} {joined} {self.what}")
        self.say("For every annotator; one step of undo.")


def label_box(labels: Sequence[Label]) -> ChoiceBox:
    """A choice of labels by name; its data are their ids."""
    box = ChoiceBox()
    for label in labels:
        box.addItem(label.name, label.id)
    return box


def short(name: str) -> str:
    """A name that fits on a button."""
    return (name if len(name) <= 24 else f"{name[:23]}…").replace("&", "&&")
