"""Full pages of the window beside the article: search, inbox, scheme and others. Made when first shown.

A page is added by one line in `FACTORIES` and one record in `actions.py`. A page belongs to the open project; it is
thrown away with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

ARTICLE = "article"


class Page(QWidget):
    """One page. ``left``: the person wants back to the article (Escape does)."""

    left = Signal()

    def enter(self) -> None:
        """The page is shown: read anew what may have changed, and put the focus where work begins."""

    def refresh(self) -> None:
        """Labels or the scheme were changed while the page is shown."""

    def set_theme(self, theme: Theme) -> None:
        """Colours of everything that draws itself."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _search_page(window: MainWindow) -> Page:
    from annotator.ui.search_page import SearchPage

    return SearchPage(window)


Factory = Callable[["MainWindow"], Page]
FACTORIES: dict[str, Factory] = {"search": _search_page}
"""Pages by name: a function that imports and makes the page."""


class Pages:
    """Which page is shown. The article is always there; the others are made on first use."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._made: dict[str, Page] = {}
        self.current = ARTICLE

    def find(self, name: str) -> Page | None:
        """The page of this name if it was made already."""
        return self._made.get(name)

    def show(self, name: str) -> Page | None:
        """Show a page of the open project, or the article; returns the page."""
        window = self._window
        if window.project is None:
            return None
        self.current = name
        if name == ARTICLE:
            window.show_state()
            window.canvas.setFocus()
            return None
        page = self._made.get(name) or self._make(name)
        window.frame.show_page(page)
        page.enter()
        return page

    def refresh(self) -> None:
        """Labels or the scheme were changed: the page that is shown reads them anew."""
        if self.current != ARTICLE and (page := self._made.get(self.current)) is not None:
            page.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the pages made so far."""
        for page in self._made.values():
            page.set_theme(theme)

    def forget(self) -> None:
        """The project is left: its pages go."""
        self.current = ARTICLE
        for page in self._made.values():
            self._window.frame.remove_page(page)
            page.deleteLater()
        self._made.clear()

    def _make(self, name: str) -> Page:
        page = FACTORIES[name](self._window)
        page.set_theme(self._window.looks.theme)
        page.left.connect(self._on_left)
        self._window.frame.add_page(page)
        self._made[name] = page
        return page

    def _on_left(self) -> None:
        self.show(ARTICLE)
