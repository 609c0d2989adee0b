"""The split view kept true to the open project: which document stands beside the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.domain.errors import UserError

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Splitting:
    """Shows, fills, swaps and hides the second view."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        view = window.frame.second
        view.wanted.connect(self.show_document)
        view.swap_requested.connect(self.swap)
        view.closed.connect(self.close)

    @property
    def is_open(self) -> bool:
        """Whether two documents are shown."""
        return not self._window.frame.second.isHidden()

    def toggle(self) -> None:
        """Show the document before this one (or the one shown last) beside it, or close the second view."""
        if self.is_open:
            self.close()
            return
        window, view = self._window, self._window.frame.second
        session = window.session
        if session is None or session.key is None:
            return
        rows = window.documents.model.rows
        view.show_choices([(row.key, row.title) for row in rows])
        key = view.key if view.key not in (None, session.key) else window.documents.neighbour(session.key, -1)
        key = key if key is not None else window.documents.neighbour(session.key, 1)
        view.show()
        window.frame.share_middle()
        self.show_document(session.key if key is None else key)
        window.canvas.setFocus()

    def close(self) -> None:
        """One document again."""
        self._window.frame.second.hide()
        self._window.canvas.setFocus()

    def show_document(self, key: int) -> None:
        """Show a document in the second view, as the annotator has it."""
        window = self._window
        if window.project is None or window.session is None:
            return
        try:
            is_open = key == window.session.key
            doc = window.session.doc if is_open else window.project.load(key, window.annotator)
        except UserError as fault:
            window.say(str(fault), is_bad=True)
            return
        window.frame.second.show_document(key, doc, window.session.scheme)

    def swap(self) -> None:
        """The second document becomes the open one, and the open one the second."""
        session, key = self._window.session, self._window.frame.second.key
        if session is None or session.key is None or key is None:
            return
        before = session.key
        if self._window.open_document(key):
            self.show_document(before)

    def follow(self) -> None:
        """The scheme, or labels of many documents, changed: read the second document anew."""
        if self.is_open and (key := self._window.frame.second.key) is not None:
            self.show_document(key)
