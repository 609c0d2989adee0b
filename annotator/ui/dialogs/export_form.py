"""What to export and where: the form of the export dialog. Gives an `ExportRequest`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.domain.projects import GOLD, Annotator, AnnotatorKind, Status
from annotator.ui.dialogs import settings as keys
from annotator.ui.dialogs.choice_box import ChoiceBox, TickBox
from annotator.ui.dialogs.format_list import FormatList
from annotator.ui.dialogs.path_field import Choose, PathField, choose_folder
from annotator.ui.dialogs.settings import Settings
from annotator.ui.dialogs.sheet import Rows
from annotator.ui.dialogs.words import split_names
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.format_list import FormatInfo

TAG_SCHEMES: tuple[Literal["IOB2", "IOB1", "BIOES", "BILOU"], ...] = ("IOB2", "IOB1", "BIOES", "BILOU")
SPLITS: tuple[tuple[str, tuple[float, float, float] | None], ...] = (
    ("All in one", None),
    ("80 % train, 10 % dev, 10 % test", (0.8, 0.1, 0.1)),
    ("70 % train, 15 % dev, 15 % test", (0.7, 0.15, 0.15)),
    ("90 % train, 10 % dev", (0.9, 0.1, 0.0)),
)
TAGGED_FORMATS = ("conll2003", "conllu", "huggingface")
"""Formats that write one tag a token, so that there is a tag scheme to choose."""


@dataclass(frozen=True, slots=True)
class Whose:
    """One choice of labels: exactly one of the three."""

    annotator: str | None = None
    is_gold: bool = False
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """What there is to choose from. ``folder``: where exports go unless another one was used before."""

    formats: tuple[FormatInfo, ...]
    annotators: tuple[Annotator, ...]
    current_annotator: str
    by_status: Mapping[Status, int]
    folder: Path


def whose_choices(choices: ExportChoices) -> list[tuple[str, Whose]]:
    """Whose labels can be exported, in words: the current annotator first, pipelines last."""
    names = [one.name for one in choices.annotators]
    humans = [one.name for one in choices.annotators if one.kind is AnnotatorKind.HUMAN and one.name != GOLD]
    humans.sort(key=lambda name: (name != choices.current_annotator, name))
    found = [(f"{name} (you)" if name == choices.current_annotator else name, Whose(name)) for name in humans]
    if len(humans) > 1:
        found.append(("Everybody", Whose(is_all=True)))
    if GOLD in names:
        found.append(("Gold (adjudicated)", Whose(is_gold=True)))
    pipelines = [one.name for one in choices.annotators if one.kind is AnnotatorKind.PIPELINE]
    return found + [(f"{name} (suggestions)", Whose(name)) for name in pipelines]


class ExportForm(QWidget):
    """The fields. ``changed`` comes with every change; `find_request` says what they ask for."""

    changed = Signal()

    def __init__(self, choices: ExportChoices, settings: Settings, choose: Choose = choose_folder) -> None:
        super().__init__()
        self._settings = settings
        self._formats = [one for one in choices.formats if one.writes]
        self.formats = FormatList(self._formats, settings.value(keys.EXPORT_FORMAT, self._formats[0].name))
        self.labels = QLineEdit()
        self.labels.setPlaceholderText("All labels; or some, with commas between them")
        self.split = self._make_split()
        self.pseudonyms = TickBox("Call annotators A1, A2, … in the files and the data card")
        self.tags = self._make_tags()
        self.whose = self._make_whose(choices)
        self.statuses = self._make_statuses(choices.by_status)
        folder = Path(settings.value(keys.EXPORT_FOLDER, "") or choices.folder)
        self.folder = PathField("Folder", folder, choose)
        self._assemble()
        self._connect()

    @property
    def format(self) -> FormatInfo:
        """The chosen format."""
        return self.formats.current

    @property
    def chosen_statuses(self) -> tuple[Status, ...]:
        """The ticked statuses."""
        return tuple(status for status, box in self.statuses.items() if box.isChecked())

    def find_request(self, *, is_dry_run: bool) -> ExportRequest | None:
        """What is asked for in the current format; None while something is missing (see `what_is_missing`)."""
        return next(iter(self.find_requests(is_dry_run=is_dry_run)), None)

    def find_requests(self, *, is_dry_run: bool) -> list[ExportRequest]:
        """One request for each chosen format, the current one first."""
        folder, whose = self.folder.path, self.whose.currentData()
        if folder is None or whose is None or not self.chosen_statuses:
            return []
        return [
            ExportRequest(
                out=folder,
                format=one.name,
                annotator=whose.annotator,
                is_gold=whose.is_gold,
                is_all=whose.is_all,
                statuses=self.chosen_statuses,
                labels=split_names(self.labels.text()),
                tag_scheme=TAG_SCHEMES[self.tags.currentIndex()],
                split=self.split.currentData() if one.has_splits else None,
                has_pseudonyms=self.pseudonyms.isChecked(),
                is_dry_run=is_dry_run,
            )
            for one in self.formats.chosen
        ]

    def what_is_missing(self) -> str:
        """Why there is no request, in one sentence."""
        if self.whose.currentData() is None:
            return "Nobody has labelled anything yet."
        return "Choose a folder." if self.folder.path is None else "Choose at least one status."

    def remember(self) -> None:
        """Keep the choices that the next export most likely shares."""
        self._settings.set_value(keys.EXPORT_FOLDER, str(self.folder.path or ""))
        self._settings.set_value(keys.EXPORT_FORMAT, self.format.name)
        self._settings.set_value(keys.EXPORT_TAGS, self.tags.currentText())

    def _make_tags(self) -> ChoiceBox:
        tags = ChoiceBox()
        tags.addItems(list(TAG_SCHEMES))
        tags.setAccessibleName("Tag scheme")
        tags.setCurrentText(self._settings.value(keys.EXPORT_TAGS, TAG_SCHEMES[0]))
        return tags

    def _make_whose(self, choices: ExportChoices) -> ChoiceBox:
        whose = ChoiceBox()
        for words, value in whose_choices(choices):
            whose.addItem(words, value)
        return whose

    def _make_statuses(self, by_status: Mapping[Status, int]) -> dict[Status, TickBox]:
        """A box for every status that occurs; done ones are wanted, else everything that was begun."""
        occurring = [status for status in Status if by_status.get(status) or status is Status.DONE]
        wanted = {Status.DONE} if by_status.get(Status.DONE) else set(occurring) - {Status.NEW}
        boxes = {status: TickBox(f"{status.value.capitalize()} {by_status.get(status, 0):,}") for status in occurring}
        for status, box in boxes.items():
            box.setChecked(status in wanted)
            box.setAccessibleName(f"Documents that are {status.value}: {by_status.get(status, 0):,}")
        return boxes

    def _make_split(self) -> ChoiceBox:
        split = ChoiceBox()
        for words, shares in SPLITS:
            split.addItem(words, shares)
        split.setToolTip("Texts that are nearly the same stay in the same part")
        return split

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Format", self.formats, is_tall=True)
        self._tags_head = rows.add("Tags", self.tags)
        self._split_head = rows.add("Parts", self.split)
        rows.add("Labels of", self.whose)
        rows.add("Documents", self._flow_of_statuses(), focus=next(iter(self.statuses.values())), is_tall=True)
        rows.add("Labels", self.labels)
        rows.add("Folder", self.folder, focus=self.folder.edit)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(rows)
        whole.addWidget(self.pseudonyms)

    def _flow_of_statuses(self) -> QWidget:
        held = QWidget()
        grid = QGridLayout(held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        for number, box in enumerate(self.statuses.values()):
            grid.addWidget(box, number // 3, number % 3)
        grid.setColumnStretch(3, 1)
        return held

    def _connect(self) -> None:
        self.formats.changed.connect(self._on_formats_changed)
        for box in (self.tags, self.whose, self.split):
            box.currentIndexChanged.connect(self.changed)
        for tick in (*self.statuses.values(), self.pseudonyms):
            tick.toggled.connect(self.changed)
        self.labels.textChanged.connect(self.changed)
        self.folder.changed.connect(self.changed)
        self._show_what_matters()

    def _on_formats_changed(self) -> None:
        self._show_what_matters()
        self.changed.emit()

    def _show_what_matters(self) -> None:
        """Tags and parts only where a chosen format has them."""
        has_tags = any(one.name in TAGGED_FORMATS for one in self.formats.chosen)
        has_splits = any(one.has_splits for one in self.formats.chosen)
        for widget in (self.tags, self._tags_head):
            widget.setVisible(has_tags)
        for widget in (self.split, self._split_head):
            widget.setVisible(has_splits)
