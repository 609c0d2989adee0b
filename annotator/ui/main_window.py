"""The main window: assembles columns, article and actions, and carries an edit's result to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.ui.action_set import ActionSet
from annotator.ui.actions import When, hints, key_collisions
from annotator.ui.canvas.style import DEFAULT_TEXT_PX
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.commands import Commands
from annotator.ui.dialogs.preferences import Preferences
from annotator.ui.dialogs.task_strip import TaskStrip
from annotator.ui.dialogs.welcome import WelcomePage
from annotator.ui.empty_page import EmptyPage
from annotator.ui.idle import IdleCollector
from annotator.ui.offers import Offers
from annotator.ui.panels.documents import DocumentsPanel
from annotator.ui.panels.hint_line import HintLine
from annotator.ui.panels.inspector import InspectorPanel
from annotator.ui.settings import WindowSettings
from annotator.ui.stylesheet import palette_of, window_stylesheet
from annotator.ui.tasks import Tasks
from annotator.ui.theme import DARK, LIGHT, THEMES, Theme
from annotator.workflows.annotate import AnnotationSession, Change
from annotator.workflows.project import DocumentRow, Project
from annotator.workflows.saving import NotSaved, SaveState

DOCUMENTS_PX, INSPECTOR_PX = 272, 300


class MainWindow(QMainWindow):
    """One window on one project (or on none: then it welcomes)."""

    save_state_changed = Signal(object)

    def __init__(self, annotator: str, settings: WindowSettings) -> None:
        super().__init__()
        self.annotator = annotator
        self.settings = settings
        self.project: Project | None = None
        self.session: AnnotationSession | None = None
        self.preferences = load_preferences(settings, annotator)
        self.theme: Theme = LIGHT
        self.tasks = Tasks(self)
        self.collector = IdleCollector(self)
        self.collector.start()
        self.offers = Offers(self)
        self.canvas = AnnotationCanvas()
        self.documents = DocumentsPanel()
        self.inspector = InspectorPanel()
        self.hint_line = HintLine()
        self.strip = TaskStrip()
        self.strip.follow(self.tasks)
        self.empty = EmptyPage()
        self.actions_ = ActionSet(self, self.canvas, Commands(self))
        self.commands = self.actions_.commands
        self._counted = (0, 0)
        self._assemble()
        self._connect()
        self.apply_preferences(self.preferences)
        self._show_project_state()

    def open_project(self, location: str) -> bool:
        """Open a project in place of the one shown; a fault is said and nothing changes."""
        try:
            project = Project.open(location)
            session = project.session(self.annotator)
        except UserError as fault:
            self.say(str(fault), is_bad=True)
            return False
        if not self._close_project():
            project.close()
            return False
        self.project, self.session = project, session
        session.saver.listen(self.save_state_changed.emit)
        self.settings.add_recent(location)
        self._take_rescues()
        self._show_scheme()
        self.refresh_listing()
        self._show_project_state()
        self.open_first()
        return True

    def open_first(self) -> None:
        """Open the document where the annotator was, else the first that is not done, else the first."""
        rows = self.documents.model.rows
        if not rows or self.project is None:
            return
        last = self.settings.value(f"last/{Path(self.project.location).absolute()}", "")
        key = next((row.key for row in rows if row.id == last), None)
        key = key or next((row.key for row in rows if row.status in (Status.NEW, Status.IN_PROGRESS)), rows[0].key)
        self.open_document(key)
        if last and self.session is not None and self.session.key is not None:
            self.canvas.restore_view_state(self._remembered_view())

    def open_document(self, key: int) -> bool:
        """Open a document; refused, with a sentence, while edits are not on the disk."""
        if self.session is None:
            return False
        if self.session.key == key:
            return True
        try:
            doc = self.session.open(key)
        except UserError as fault:
            self.say(str(fault), is_bad=True)
            self.documents.set_current(self.session.key)
            return False
        self.canvas.show_document(doc, self.session.scheme)
        self.inspector.show_document(doc)
        self.documents.set_current(key)
        self._show_project_state()
        self.canvas.setFocus()
        self.collector.settle()
        return True

    def open_next_after(self, key: int) -> None:
        """Open the next document after ``key`` that is new or in progress."""
        rows = self.documents.model.rows
        place = self.documents.model.find_place(key)
        start = 0 if place is None else place + 1
        for row in (*rows[start:], *rows[:start]):
            if row.key != key and row.status in (Status.NEW, Status.IN_PROGRESS):
                self.open_document(row.key)
                return
        done, total = self._counted
        self.say(f"All {total:,} documents are done: Ctrl+E exports them." if done == total else "No document is left.")

    def show_change(self, change: Change) -> None:
        """Carry the result of an edit to the article, the columns and the counts."""
        self.collector.note_activity()
        self.canvas.update_document(change.doc, change.touched)
        self.inspector.update_document(change.doc)
        if change.touched.has_document_changes or change.touched.span_ids:
            self._update_row(change)

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Say something in the line at the bottom."""
        self.hint_line.say(text, is_bad=is_bad)

    def refresh_listing(self) -> None:
        """Read the list of documents anew, by what is typed and chosen."""
        if self.project is None:
            return
        panel = self.documents
        rows = self.project.listing(self.annotator, panel.query, panel.statuses)
        panel.show_rows(rows, self.session.key if self.session else None)
        is_filtered = bool(panel.query or panel.statuses)
        everything = self.project.listing(self.annotator) if is_filtered else rows
        self._count(sum(row.status is Status.DONE for row in everything), len(everything))
        self._show_project_state()

    def take_new_suggestions(self) -> None:
        """Show suggestions that arrived for the open document, if nothing was done in it yet."""
        session = self.session
        if session is not None and session.key is not None and session.is_untouched:
            state = self.canvas.view_state()
            doc = session.open(session.key)
            self.canvas.show_document(doc, session.scheme)
            self.inspector.show_document(doc)
            self.canvas.restore_view_state(state)

    def zoom(self, step: int) -> None:
        """Larger or smaller text, remembered."""
        size = DEFAULT_TEXT_PX if step == 0 else self.preferences.text_size_px + step
        self.keep_preferences(replace(self.preferences, text_size_px=min(max(size, 10), 48)))

    def choose_theme(self, name: str) -> None:
        """Change the colours, remembered."""
        self.keep_preferences(replace(self.preferences, theme=name))

    def keep_preferences(self, preferences: Preferences) -> None:
        """Apply preferences and remember them."""
        save_preferences(self.settings, preferences)
        self.preferences = preferences
        self.apply_preferences(preferences)

    def apply_preferences(self, preferences: Preferences) -> None:
        """Show the window with these preferences."""
        self._apply_theme(THEMES.get(preferences.theme) or system_theme())
        self.canvas.set_text_font(preferences.text_family, preferences.text_size_px)
        self.canvas.set_measure(preferences.reading_width_chars)

    def show_palette(self) -> None:
        """Open the command palette."""
        from annotator.ui.palette import CommandPalette, Entry

        entries = [
            Entry(spec.text.rstrip("…"), spec.keys[0] if spec.keys else "", self.actions_.runner(spec))
            for spec in self.actions_.specs
            if spec.id != "palette" and self.actions_.is_enabled(spec)
        ]
        entries += [Entry(f"Go to {row.title}", "", self._opener(row)) for row in self.documents.model.rows]
        palette = CommandPalette(entries, self.theme, self)
        palette.show()
        palette.query.setFocus()

    def show_keys(self) -> None:
        """Show every key on one page."""
        from annotator.ui.key_help import KeyHelp

        KeyHelp(self.actions_.specs, self.theme, self).open()

    def show_documents_column(self) -> None:
        """Show the left column if it is hidden."""
        self.documents.show()

    def show_crash(self, summary: str, details: str) -> None:
        """Show a fault of the program; nothing is lost by it."""
        from annotator.ui.dialogs.error_dialog import ErrorDialog

        ErrorDialog(summary, details, self).open()

    def _assemble(self) -> None:
        self.setWindowTitle("Annotator")
        self.setAcceptDrops(True)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.canvas)
        self.middle.addWidget(self.empty)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.middle, 1), (self.strip, 0), (self.hint_line, 0)):
            column.addWidget(widget, stretch)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        for panel in (self.documents, centre, self.inspector):
            self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([DOCUMENTS_PX, 820, INSPECTOR_PX])
        self.stack = QStackedWidget()
        self.welcome = WelcomePage(self.settings.recent_projects())
        self.stack.addWidget(self.welcome)
        self.stack.addWidget(self.splitter)
        self.setCentralWidget(self.stack)
        self.resize(1389, 868)
        self._restore_geometry()

    def _connect(self) -> None:
        self.canvas.current_span_changed.connect(self.inspector.show_current)
        self.canvas.resize_requested.connect(self.commands.resize)
        self.canvas.context_menu_requested.connect(self._on_context_menu_requested)
        self.canvas.zoom_requested.connect(self.zoom)
        self.canvas.verticalScrollBar().valueChanged.connect(self.collector.note_activity)
        self.inspector.label_chosen.connect(self._on_label_chosen)
        self.inspector.span_chosen.connect(self._on_span_chosen)
        self.documents.chosen.connect(self.open_document)
        self.documents.filter_changed.connect(self.refresh_listing)
        self.documents.filter_left.connect(self.canvas.setFocus)
        self.hint_line.retry_requested.connect(self._on_retry_requested)
        self.save_state_changed.connect(self._on_save_state_changed, Qt.ConnectionType.QueuedConnection)
        self.welcome.sample_requested.connect(self.offers.open_sample)
        self.welcome.new_requested.connect(self.offers.new_project)
        self.welcome.open_requested.connect(self.open_project)
        self.empty.import_requested.connect(self.offers.import_documents)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_colours_changed)

    def _show_scheme(self) -> None:
        assert self.project is not None
        scheme = self.project.scheme()
        self.actions_.show_labels(scheme)
        self.inspector.show_scheme(scheme, self.actions_.label_keys())
        self.documents.project.setText(Path(self.project.location).name)
        self.documents.annotator.setText(self.annotator)
        self.setWindowTitle(f"{self.project.name} – Annotator")
        self._show_hints()
        if collisions := key_collisions(scheme):
            self.say("; ".join(collisions) + ".", is_bad=True)

    def _show_hints(self) -> None:
        scheme = self.session.scheme if self.session else None
        self.hint_line.show_keys(hints(self.actions_.specs, scheme), self.theme.dim)

    def _show_project_state(self) -> None:
        """Welcome page, empty project or article: whichever there is, and the actions that make sense then."""
        has_document = self.session is not None and self.session.key is not None
        self.stack.setCurrentWidget(self.splitter if self.project else self.welcome)
        self.middle.setCurrentWidget(self.canvas if has_document else self.empty)
        self.empty.show_for(has_documents=bool(self._counted[1]))
        there = {When.ALWAYS}
        there |= {When.PROJECT} if self.project else set()
        there |= {When.DOCUMENT} if has_document else set()
        self.actions_.enable(there)

    def _count(self, done: int, total: int) -> None:
        self._counted = (done, total)
        self.documents.show_progress(done, total)

    def _update_row(self, change: Change) -> None:
        assert self.session is not None and self.session.key is not None
        doc, key = change.doc, self.session.key
        place = self.documents.model.find_place(key)
        before = self.documents.model.rows[place] if place is not None else None
        row = DocumentRow(
            key,
            doc.document.id,
            before.title if before else doc.document.display_title,
            doc.status,
            doc.spans.undecided,
            len(doc.spans),
            len(doc.document.text),
        )
        was_done = before is not None and before.status is Status.DONE
        self._count(self._counted[0] + (row.status is Status.DONE) - was_done, self._counted[1])
        self.documents.model.put(row)

    def _opener(self, row: DocumentRow) -> Callable[[], object]:
        return lambda: self.open_document(row.key)

    def _apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setPalette(palette_of(theme))
        self.setStyleSheet(window_stylesheet(theme))
        self.canvas.set_theme(theme)
        self.documents.set_theme(theme)
        self.inspector.set_theme(theme)
        self.empty.set_theme(theme)
        self._show_hints()

    def _take_rescues(self) -> None:
        """Take back edits that an earlier window had to put aside."""
        from annotator.workflows.rescue import take_back_all

        assert self.project is not None
        for sentence in take_back_all(self.project):
            self.say(sentence)

    def _remembered_view(self) -> dict[str, int]:
        return {"top": self.settings.value("view/top", 0), "cursor": self.settings.value("view/cursor", 0)}

    def _remember(self) -> None:
        settings = self.settings
        settings.set_blob("window/geometry", self.saveGeometry())
        settings.set_blob("window/columns", self.splitter.saveState())
        if self.project and self.session and self.session.key is not None:
            state = self.canvas.view_state()
            settings.set_value(f"last/{Path(self.project.location).absolute()}", self.session.doc.document.id)
            for name in ("top", "cursor"):
                value = state[name]
                settings.set_value(f"view/{name}", value if isinstance(value, int) else 0)
        settings.save()

    def _restore_geometry(self) -> None:
        if (geometry := self.settings.blob("window/geometry")) is not None:
            self.restoreGeometry(geometry)
        if (columns := self.settings.blob("window/columns")) is not None:
            self.splitter.restoreState(columns)

    def _close_project(self) -> bool:
        """Leave the open project; false when the person stays because something is not saved."""
        if self.project is None or self.session is None:
            return True
        from annotator.ui.leaving import may_leave

        if not may_leave(self, self.session.saver, self.project.location):
            return False
        self._remember()
        self.session.saver.listen(lambda _state: None)
        self.canvas.clear()
        self.project.close()
        self.project = self.session = None
        return True

    def _on_label_chosen(self, label_id: str, layer: str) -> None:
        self.commands.label(label_id, layer)
        self.canvas.setFocus()

    def _on_span_chosen(self, span_id: str) -> None:
        self.canvas.set_current_span(span_id)
        self.canvas.setFocus()

    def _on_context_menu_requested(self, point: QPoint) -> None:
        menu = QMenu(self)
        self.actions_.fill_context_menu(menu, has_span=self.canvas.current_span_id is not None)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _on_save_state_changed(self, state: SaveState) -> None:
        # The state may have moved on while this call was queued: show what is true now.
        self.hint_line.show_save_state(self.session.saver.state if self.session else state)

    def _on_retry_requested(self) -> None:
        if self.session is None:
            return
        state = self.session.saver.state
        if isinstance(state, NotSaved) and state.is_final and self.project is not None:
            from annotator.ui.leaving import put_aside_and_reopen

            put_aside_and_reopen(self, self.session, self.project.location)
        else:
            self.session.saver.retry()

    def _on_system_colours_changed(self) -> None:
        if self.preferences.theme == "system":
            self._apply_theme(system_theme())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.project is not None and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            QTimer.singleShot(0, lambda: self.offers.import_documents(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember()
        if not self._close_project():
            event.ignore()
            return
        self.tasks.close()
        self.collector.stop()
        event.accept()


def system_theme() -> Theme:
    """Light or dark, as the system has it."""
    return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def load_preferences(settings: WindowSettings, annotator: str) -> Preferences:
    """The preferences as remembered."""
    usual = Preferences()
    return Preferences(
        theme=settings.value("preferences/theme", usual.theme),
        text_family=settings.value("preferences/text_family", usual.text_family),
        text_size_px=settings.value("preferences/text_size_px", usual.text_size_px),
        reading_width_chars=settings.value("preferences/reading_width_chars", usual.reading_width_chars),
        annotator=annotator,
    )


def save_preferences(settings: WindowSettings, preferences: Preferences) -> None:
    """Remember the preferences."""
    settings.set_value("preferences/theme", preferences.theme)
    settings.set_value("preferences/text_family", preferences.text_family)
    settings.set_value("preferences/text_size_px", preferences.text_size_px)
    settings.set_value("preferences/reading_width_chars", preferences.reading_width_chars)
    settings.set_value("preferences/annotator", preferences.annotator)
    settings.save()
