"""What can be asked of the corpus, as menus that write the query for those who do not type it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import Status
from annotator.domain.queries import STATES, Field
from annotator.domain.query_text import typed_values, with_values
from annotator.domain.spans import Origin

Choices = Sequence[tuple[str, str]]
"""(words, value)"""

_SCORES: Choices = (("below .5", "<.5"), ("below .7", "<.7"), ("below .9", "<.9"), ("from .9", ">=.9"))
_ORIGINS: Choices = (
    ("Drawn by a person", Origin.HUMAN),
    ("Suggested by a pipeline", Origin.PIPELINE),
    ("Imported", Origin.IMPORTED),
)
_STATE_WORDS = dict(
    zip(STATES, ("Suggestions left to decide", "Decided", "Words with a label", "Words without a label"), strict=True)
)
_STARTS: Choices = (
    ("Spans of exactly these words…", 'text:""'),
    ("Spans of these words, however written…", 'folded:""'),
    ("A note about…", 'note:""'),
    ("Regular expression…", "//"),
    ("Not these words…", '-""'),
)
"""What is written for the person to go on; the cursor stands before the last character."""


@dataclass(frozen=True, slots=True)
class FilterMenu:
    """One menu. ``is_single``: another value takes the place of the one before."""

    title: str
    field: Field
    choices: Choices
    is_single: bool = False


def filter_menus(scheme: LabelScheme) -> list[FilterMenu]:
    """The menus that make sense with a scheme."""
    labels = dict.fromkeys((label.name, label.name) for _, label in scheme.labels)
    layers = [(layer.name, layer.name) for layer in scheme.layers]
    menus = [FilterMenu("Label", Field.LABEL, tuple(labels))] if labels else []
    if len(layers) > 1:
        menus.append(FilterMenu("Layer", Field.LAYER, layers))
    return [
        *menus,
        FilterMenu("State", Field.IS, [(_STATE_WORDS[state], state) for state in STATES], is_single=True),
        FilterMenu("Score", Field.SCORE, _SCORES, is_single=True),
        FilterMenu("Origin", Field.ORIGIN, _ORIGINS),
        FilterMenu("Document", Field.STATUS, [(status.value.capitalize(), status.value) for status in Status]),
    ]


def toggled(query: str, menu: FilterMenu, value: str) -> str:
    """The query as typed with one value more or less."""
    held = typed_values(query, menu.field)
    if value in held:
        return with_values(query, menu.field, [one for one in held if one != value])
    return with_values(query, menu.field, [value] if menu.is_single else [*held, value])


class QueryFilters(QWidget):
    """A button for each menu. ``read`` gives the query as typed, ``write`` takes it and where to put the cursor."""

    def __init__(self, read: Callable[[], str], write: Callable[[str, int], object]) -> None:
        super().__init__()
        self._read, self._write = read, write
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._menus: list[tuple[FilterMenu, QToolButton]] = []

    def show_scheme(self, scheme: LabelScheme) -> None:
        """Make the menus for a scheme."""
        while (item := self._row.takeAt(0)) is not None:
            if (held := item.widget()) is not None:
                held.deleteLater()
        self._menus = [(menu, self._make(menu)) for menu in filter_menus(scheme)]
        more = self._button("More")
        for words, start in _STARTS:
            more.menu().addAction(words).triggered.connect(partial(self._start, start))
        self.show_query()

    def show_query(self) -> None:
        """Mark the menus that the query asks something of."""
        query = self._read()
        for menu, button in self._menus:
            values = typed_values(query, menu.field)
            named = {value: words for words, value in menu.choices}
            first = named.get(values[0], values[0]) if values else menu.title
            button.setText(f"{first}{f' +{len(values) - 1}' if len(values) > 1 else ''} ▾")
            if bool(button.property("on")) != bool(values):
                button.setProperty("on", bool(values))
                button.style().unpolish(button)
                button.style().polish(button)

    def _make(self, menu: FilterMenu) -> QToolButton:
        button = self._button(menu.title)
        button.menu().aboutToShow.connect(partial(self._fill, menu, button))
        return button

    def _button(self, title: str) -> QToolButton:
        button = QToolButton()
        button.setText(f"{title} ▾")
        button.setAccessibleName(f"Filter by {title.lower()}")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(QMenu(button))
        self._row.addWidget(button)
        return button

    def _fill(self, menu: FilterMenu, button: QToolButton) -> None:
        shown = button.menu()
        shown.clear()
        held = typed_values(self._read(), menu.field)
        for words, value in menu.choices:
            action = shown.addAction(words)
            action.setCheckable(True)
            action.setChecked(value in held)
            action.triggered.connect(partial(self._toggle, menu, value))

    def _toggle(self, menu: FilterMenu, value: str, _checked: bool = False) -> None:
        query = toggled(self._read(), menu, value)
        self._write(query, len(query))

    def _start(self, start: str, _checked: bool = False) -> None:
        query = f"{self._read().rstrip()} {start}".lstrip()
        self._write(query, len(query) - 1)
