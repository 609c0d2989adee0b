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

    def leave(self) -> None:
        """Another page is shown now, or the project is going to be left: keep what was written."""

    def set_theme(self, theme: Theme) -> None:
        """Colours of everything that draws itself."""

    def undo(self) -> bool:
        """Take back what was done last on this page; false: undo as in the article."""
        return False

    def redo(self) -> bool:
        """Make again what was taken back last on this page; false: as in the article."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _search_page(window: MainWindow) -> Page:
    from annotator.ui.search_page import SearchPage

    return SearchPage(window)


def _inbox_page(window: MainWindow) -> Page:
    from annotator.ui.inbox_page import InboxPage

    return InboxPage(window)


Factory = Callable[["MainWindow"], Page]


def _history(window: MainWindow) -> Page:
    from annotator.ui.history.page import HistoryPage

    return HistoryPage(window)


def _guidelines(window: MainWindow) -> Page:
    from annotator.ui.guidelines.page import GuidelinePage

    return GuidelinePage(window)


def _scheme(window: MainWindow) -> Page:
    from annotator.ui.panels.scheme_page import SchemePage

    return SchemePage(window)


def _adjudication(window: MainWindow) -> Page:
    from annotator.ui.adjudication.page import AdjudicationPage

    return AdjudicationPage(window)


def _agreement(window: MainWindow) -> Page:
    from annotator.ui.agreement.page import AgreementPage

    return AgreementPage(window)


FACTORIES: dict[str, Factory] = {
    "search": _search_page,
    "inbox": _inbox_page,
    "scheme": _scheme,
    "history": _history,
    "guidelines": _guidelines,
    "agreement": _agreement,
    "adjudication": _adjudication,
}
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

    def find_shown(self) -> Page | None:
        """The page that is shown in place of the article, or None."""
        return None if self.current == ARTICLE else self._made.get(self.current)

    def show(self, name: str) -> Page | None:
        """Show a page of the open project, or the article; returns the page."""
        window = self._window
        if window.project is None:
            return None
        before = self._made.get(self.current) if name != self.current else None
        self.current = name
        page = None
        if name == ARTICLE:
            window.show_state()
            window.canvas.setFocus()
        else:
            page = self._made.get(name) or self._make(name)
            window.frame.show_page(page)
            page.enter()
        if before is not None:
            before.leave()  # last, so that a fault is said on what is shown now
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
        if (page := self._made.get(self.current)) is not None:
            page.leave()
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
