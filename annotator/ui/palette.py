"""The command palette: type a few letters of what you want, Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QStyleOptionViewItem, QVBoxLayout, QWidget

from annotator.ui.action_set import ActionSet
from annotator.ui.announcing import announce
from annotator.ui.dialogs.settings import Settings
from annotator.ui.fonts import interface_font
from annotator.ui.naming import named
from annotator.ui.panels.delegates import ThemedDelegate
from annotator.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
KEYS_ROLE = Qt.ItemDataRole.UserRole
MAX_SHOWN = 200
MAX_RECENT = 6
KEYWORD_COST = 12
RECENT_KEY = "palette/recent"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be done, or a document that can be opened. ``id`` is an action's, empty for documents."""

    text: str
    keys: str
    run: Callable[[], object]
    id: str = ""
    keywords: str = ""


def entries(actions: ActionSet, documents: Sequence[tuple[str, Callable[[], object]]]) -> list[Entry]:
    """Everything that can be done now, then every document (title, what opens it)."""
    made = [
        Entry(spec.text.rstrip("…"), spec.keys[0] if spec.keys else "", actions.runner(spec), spec.id, spec.keywords)
        for spec in actions.enabled_specs
        if spec.id != "palette"
    ]
    return made + [Entry(f"Go to {title}", "", run) for title, run in documents]


def recent_first(all_entries: Sequence[Entry], recent: Sequence[str]) -> list[Entry]:
    """The entries used last, then all others in their order."""
    by_id = {entry.id: entry for entry in all_entries if entry.id}
    first = [by_id[id_] for id_ in recent if id_ in by_id]
    chosen = {entry.id for entry in first}
    return first + [entry for entry in all_entries if not entry.id or entry.id not in chosen]


def score(query: str, text: str) -> int | None:
    """How well ``text`` matches: lower is better, None when letters are missing. Pure.

    Every letter of the query must come in order; beginnings of words and runs count most.
    """
    wanted, place, cost = query.casefold().replace(" ", ""), -1, 0
    folded = text.casefold()
    for letter in wanted:
        found = folded.find(letter, place + 1)
        if found < 0:
            return None
        is_start = found == 0 or not folded[found - 1].isalnum()
        cost += 0 if found == place + 1 else 1 if is_start else 3 + found - place
        place = found
    return cost


def ranked(query: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that match, the best first; all of them in order for an empty query."""
    if not query.strip():
        return list(entries[:MAX_SHOWN])
    scored = [(cost, place) for place, one in enumerate(entries) if (cost := _cost(query, one)) is not None]
    return [entries[place] for _, place in sorted(scored)[:MAX_SHOWN]]


def _cost(query: str, entry: Entry) -> int | None:
    cost = score(query, entry.text)
    if entry.keywords and (other := score(query, entry.keywords)) is not None:
        other += KEYWORD_COST
        return other if cost is None else min(cost, other)
    return cost


class _EntryModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.text}, {entry.keys}" if entry.keys else entry.text
        return entry.keys if role == KEYS_ROLE else None


class _EntryDelegate(ThemedDelegate):
    row_px = 30

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option)
        painter.setFont(interface_font(13))
        painter.setPen(QColor(self.theme.text))
        centre = Qt.AlignmentFlag.AlignVCenter
        rect: QRect = option.rect.adjusted(14, 0, -14, 0)
        keys = str(index.data(KEYS_ROLE) or "")
        room = rect.width() - painter.fontMetrics().horizontalAdvance(keys) - 16
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect, int(centre | Qt.AlignmentFlag.AlignLeft), text)
        painter.setPen(QColor(self.theme.dim))
        painter.drawText(rect, int(centre | Qt.AlignmentFlag.AlignRight), keys)
        painter.restore()


class CommandPalette(QDialog):
    """A field over a list. Up and Down choose, Enter runs, Escape closes."""

    def __init__(self, entries: Sequence[Entry], settings: Settings, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command_palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Command palette")
        self._settings = settings
        self._entries = recent_first(entries, self._recent())
        self._model = _EntryModel()
        self._delegate = _EntryDelegate()
        self._delegate.theme = theme
        self.query = named(QLineEdit(), "palette_query")
        self.query.setPlaceholderText("What do you want to do? Or a document to open…")
        self.query.setAccessibleName("Command")
        self.query.installEventFilter(self)
        self.list = named(QListView(), "palette_list")
        self.list.setModel(self._model)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("What matches")
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.clicked.connect(lambda index: self._run(index.row()))
        self.query.textChanged.connect(self._on_query_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.query)
        column.addWidget(self.list)
        self._place(parent)
        self._on_query_changed("")

    def show_and_focus(self) -> None:
        """Open over the window, ready to type."""
        self.show()
        self.query.setFocus()

    def _recent(self) -> list[str]:
        return [id_ for id_ in self._settings.value(RECENT_KEY, "").split("\n") if id_]

    def _note_use(self, entry: Entry) -> None:
        if entry.id:
            others = [id_ for id_ in self._recent() if id_ != entry.id]
            self._settings.set_value(RECENT_KEY, "\n".join([entry.id, *others][:MAX_RECENT]))

    def _place(self, parent: QWidget) -> None:
        self.resize(min(620, parent.width() - 40), min(440, parent.height() - 80))
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - self.width()) // 2, corner.y() + 60)

    def _run(self, row: int) -> None:
        if 0 <= row < len(self._model.entries):
            entry = self._model.entries[row]
            self._note_use(entry)
            self.close()
            entry.run()

    def _on_query_changed(self, query: str) -> None:
        self._model.show(ranked(query, self._entries))
        self.list.setCurrentIndex(self._model.index(0))

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        announce(self.query, str(current.data(Qt.ItemDataRole.AccessibleTextRole) or ""))  # the focus stays there

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            row = self.list.currentIndex().row()
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            key = Qt.Key(event.key())
            if key in steps:
                wanted = min(max(row + steps[key], 0), self._model.rowCount() - 1)
                self.list.setCurrentIndex(self._model.index(wanted))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(row)
                return True
        return super().eventFilter(watched, event)
