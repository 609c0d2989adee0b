"""Assign: who gets which documents, with what the plan comes to before it is carried out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from annotator.domain.assigning import Everything, PerDocument, Plan, Share, Way
from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.ui.dialogs.choice_box import ChoiceBox, TickBox
from annotator.ui.dialogs.sheet import Rows, Sheet, text_label
from annotator.workflows.assigning import AssignRequest

EVERYTHING, SHARE, PER_DOCUMENT = "all", "share", "per document"
WAYS = (
    ("So many annotators to each document", PER_DOCUMENT),
    ("A share of the documents to each annotator", SHARE),
    ("Every document to every annotator", EVERYTHING),
)

Preview = Callable[[AssignRequest], Plan]


class NumberField(QLineEdit):
    """A line for a whole number. While nothing stands there, the number is the lowest."""

    def __init__(self, low: int, high: int, value: int) -> None:
        super().__init__(str(value))
        self._low, self._high = low, high
        self.setValidator(QIntValidator(low, high, self))

    @property
    def value(self) -> int:
        """The number that stands there, within its bounds."""
        text = self.text()
        return min(max(int(text), self._low), self._high) if text.isdecimal() else self._low


class AssignDialog(Sheet):
    """``requested`` carries an `AssignRequest`. ``people``: who is there; ``preview`` raises a `UserError`."""

    requested = Signal(object)

    def __init__(self, people: list[str], preview: Preview, parent: QWidget | None = None) -> None:
        super().__init__("Assign documents", "Assign", parent, width_px=560)
        self._preview = preview
        self.people = QLineEdit(", ".join(people))
        self.people.setPlaceholderText("alice, bob, carol")
        self.way = ChoiceBox()
        for words, way in WAYS:
            self.way.addItem(words, way)
        self.number = NumberField(1, 99, min(len(people), 2) or 1)
        self.share = NumberField(1, 100, 50)
        self.words = QLineEdit()
        self.words.setPlaceholderText("All documents; or words as in the filter of the list")
        self.is_only_new = TickBox("Only documents that nobody has begun")
        self.seed = NumberField(0, 2**31 - 1, 0)
        self.plan = text_label("")
        self._assemble()
        self._refresh()

    def request(self) -> AssignRequest:
        """What the fields ask for."""
        names = (name.strip() for name in self.people.text().split(","))
        return AssignRequest(
            annotators=tuple(dict.fromkeys(name for name in names if name)),
            way=self._chosen_way(),
            seed=self.seed.value,
            query=self.words.text().strip(),
            statuses=(Status.NEW,) if self.is_only_new.isChecked() else (),
        )

    def _chosen_way(self) -> Way:
        match self.way.currentData():
            case "share":
                return Share(self.share.value / 100)
            case "per document":
                return PerDocument(self.number.value)
            case _:
                return Everything()

    def _assemble(self) -> None:
        rows = Rows()
        rows.add("Annotators", self.people)
        rows.add("How", self.way)
        self._number_label = rows.add("Annotators each", self.number)
        self._share_label = rows.add("Percent each", self.share)
        rows.add("Documents", self.words)
        rows.add("", self.is_only_new)
        rows.add("Seed", self.seed)
        self.body.addLayout(rows)
        self.body.addWidget(self.plan)
        self.body.addWidget(
            text_label("What is assigned already stays. The same seed gives the same plan again.", "dim")
        )
        self.body.addStretch(1)
        for field in (self.people, self.words, self.number, self.share, self.seed):
            field.textChanged.connect(self._refresh)
        self.way.currentIndexChanged.connect(self._refresh)
        self.is_only_new.toggled.connect(self._refresh)
        self.go.clicked.connect(self._on_go_clicked)

    def _refresh(self) -> None:
        way = self.way.currentData()
        for part, belongs_to in (
            (self.number, PER_DOCUMENT),
            (self._number_label, PER_DOCUMENT),
            (self.share, SHARE),
            (self._share_label, SHARE),
        ):
            part.setVisible(way == belongs_to)
        self.seed.setEnabled(way != EVERYTHING)
        try:
            plan = self._preview(self.request())
        except UserError as fault:
            self.plan.clear()
            self.go.setEnabled(False)
            self.say(str(fault), is_bad=bool(self.request().annotators))
            return
        self.say("" if plan.added else "All of this is assigned already.")
        self.plan.setText(plan_in_words(plan))
        self.go.setEnabled(bool(plan.added))

    def _on_go_clicked(self) -> None:
        request = self.request()
        self.accept()
        self.requested.emit(request)


def plan_in_words(plan: Plan) -> str:
    """The plan, and each annotator's part where they differ."""
    chosen = f"{plan.documents:,} {'document' if plan.documents == 1 else 'documents'} chosen"
    lines = [f"{chosen}, {len(plan.added):,} new assignments: {plan.in_words}."]
    if len(set(plan.loads.values())) > 1:
        lines.append(" · ".join(f"{name} {load:,}" for name, load in plan.loads.items()))
    return "\n".join(lines)
