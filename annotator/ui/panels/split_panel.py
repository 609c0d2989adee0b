"""What a split left to decide: the spans in context, one key for each decision. Rows never move under the hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.domain.labels import Label
from annotator.ui.dialogs.choice_box import TickBox
from annotator.ui.dialogs.sheet import plain_button, text_label
from annotator.ui.panels.kwic_lines import KwicLine, KwicList, keys_for
from annotator.ui.theme import Theme
from annotator.workflows.scheme_editing import QueueRow, SpanInContext

ALL_KEY = "="


class QueueList(KwicList):
    """``key_pressed`` carries what was typed; Enter takes the proposal; ``opened``: show it in the article."""

    key_pressed = Signal(str)
    proposal_taken = Signal()
    opened = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _typed(event):
            event.accept()  # the keys of the parts come before those of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.proposal_taken.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.opened.emit()
        elif typed := _typed(event):
            self.key_pressed.emit(typed)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _typed(event: QKeyEvent) -> str:
    """The one visible character that a key writes, in capitals; empty for any other key."""
    text = event.text()
    has_modifier = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    return text.upper() if len(text) == 1 and text.isprintable() and not text.isspace() and not has_modifier else ""


class SplitPanel(QWidget):
    """``decided`` carries spans and the label they get; ``finished``: nothing is left to decide, the label may go."""

    decided = Signal(object, str)
    opened = Signal(object)
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._parts: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._rows: list[QueueRow] = []
        self._waiting_for_others = 0
        self.title = text_label("", "heading")
        self.words = text_label("", "dim")
        self.list = QueueList("Spans to decide")
        self.is_for_all = TickBox("")
        self.finish = plain_button("Finish the split", "primary")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._assemble()

    @property
    def rows(self) -> Sequence[QueueRow]:
        """What is left to decide, as shown."""
        return self._rows

    def show_parts(self, name: str, parts: Sequence[Label]) -> None:
        """Show into what the label was split, with the keys that decide."""
        names = {part.id: part.name for part in parts}
        keys = keys_for(names, {part.id: part.key for part in parts})
        if (names, keys) == (self._parts, self._keys) and self.words.text():
            return
        self._parts, self._keys = names, keys
        self._name = name
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for part_id, part_name in names.items():
            self._add_button(part_id, part_name)
        self._buttons.addStretch(1)

    def show_queue(self, rows: Sequence[QueueRow], waiting_for_others: int, *, keeps_order: bool) -> None:
        """Show what is to decide. Rows that were shown keep their order, so that nothing moves under the hand."""
        here = self.list.currentIndex().row()
        current = self._rows[here] if 0 <= here < len(self._rows) else None
        order = {_place(row): number for number, row in enumerate(self._rows)} if keeps_order else {}
        last = len(order)
        self._rows = sorted(rows, key=lambda row: order.get(_place(row), last))
        self.list.show_lines([KwicLine(row.span, self._memory(row)) for row in self._rows])
        found = next((i for i, row in enumerate(self._rows) if current and _place(row) == _place(current)), None)
        self._choose(max(here, 0) if found is None else found)
        self._waiting_for_others = waiting_for_others
        self._say(waiting_for_others)

    def take_out(self, spans: Sequence[SpanInContext], label_id: str) -> None:
        """Spans were decided for this label: they go, and their strings are proposed with it from now on."""
        gone = {(span.key, span.span_id) for span in spans}
        counts = Counter(span.folded for span in spans)
        rows = [
            replace(row, decided_as=_more(row.decided_as, label_id, counts[row.span.folded]))
            for row in self._rows
            if _place(row) not in gone
        ]
        self.show_queue(rows, self._waiting_for_others, keeps_order=True)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self.list.set_theme(theme)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.title, self.words):
            column.addWidget(widget)
        column.addLayout(self._buttons)
        column.addWidget(self.list, 1)
        column.addWidget(self.is_for_all)
        last = QHBoxLayout()
        last.addWidget(self.finish)
        last.addStretch(1)
        column.addLayout(last)
        self.list.key_pressed.connect(self._on_key_pressed)
        self.list.proposal_taken.connect(self._on_proposal_taken)
        self.list.opened.connect(self._on_opened)
        self.list.doubleClicked.connect(lambda _: self._on_opened())
        self.list.selectionModel().currentChanged.connect(lambda _new, _old: self._say_same())
        self.finish.clicked.connect(self.finished)

    def _add_button(self, part_id: str, name: str) -> None:
        key = self._keys[part_id]
        button = plain_button(f"{name}   {key}".rstrip().replace("&", "&&"))
        button.setAccessibleName(f"Decide for {name}" + (f", key {key}" if key else ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._decide(part_id))
        self._buttons.addWidget(button)

    def _say(self, waiting_for_others: int) -> None:
        count = len(self._rows)
        self.title.setText(f"{count:,} to decide" if count else "Nothing is left to decide")
        others = f" {waiting_for_others:,} wait for other annotators." if waiting_for_others else ""
        how = f"{self._name} was split into {', '.join(self._parts.values())}."
        if count:
            how += " A key decides the span and goes to the next; Enter takes the proposal; Space shows the article."
        self.words.setText(how + others)
        for widget in (self.list, self.is_for_all):
            widget.setVisible(bool(count))
        self.finish.setVisible(not count and not waiting_for_others)
        self._say_same()

    def _say_same(self) -> None:
        row = self._find_current()
        same = len(self._same(row)) if row else 0
        words = f"“{row.span.surface[:40]}”" if row else ""
        self.is_for_all.setText(f"Decide all {same:,} with the same words, {words}, at once   {ALL_KEY}" if row else "")
        self.is_for_all.setAccessibleName("Decide all with the same words at once")

    def _memory(self, row: QueueRow) -> str:
        counts = sorted(row.decided_as.items(), key=lambda held: -held[1])
        return ", ".join(f"{self._parts.get(one, one)} {count:,}×" for one, count in counts)

    def _find_current(self) -> QueueRow | None:
        number = self.list.currentIndex().row()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _same(self, row: QueueRow) -> list[SpanInContext]:
        return [one.span for one in self._rows if one.span.folded == row.span.folded]

    def _decide(self, part_id: str) -> None:
        row = self._find_current()
        if row is None:
            return
        spans = self._same(row) if self.is_for_all.isChecked() else [row.span]
        self.decided.emit(spans, part_id)
        self.list.setFocus()

    def _choose(self, number: int) -> None:
        if self._rows:
            self.list.setCurrentIndex(self.list.lines.index(min(number, len(self._rows) - 1)))

    def _on_key_pressed(self, key: str) -> None:
        if key == ALL_KEY:
            self.is_for_all.toggle()
        for part_id, part_key in self._keys.items():
            if part_key and part_key.upper() == key:
                self._decide(part_id)
                return

    def _on_proposal_taken(self) -> None:
        row = self._find_current()
        if row is not None and row.proposal:
            self._decide(row.proposal)

    def _on_opened(self) -> None:
        if (row := self._find_current()) is not None:
            self.opened.emit(row.span)


def _more(counts: Mapping[str, int], label_id: str, number: int) -> Mapping[str, int]:
    return {**counts, label_id: counts.get(label_id, 0) + number} if number else counts


def _place(row: QueueRow) -> tuple[int, str]:
    return (row.span.key, row.span.span_id)
