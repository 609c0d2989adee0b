"""The main window: opens projects and documents, and carries an edit's result to article, columns and counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QMenu

from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.ui.action_set import ActionSet
from annotator.ui.actions import When, hints, key_collisions
from annotator.ui.commands import Commands
from annotator.ui.dialogs.preferences import Preferences
from annotator.ui.doubting import Doubting
from annotator.ui.drops import find_project, local_paths
from annotator.ui.empty_page import NextStep, empty_state
from annotator.ui.frame import Frame
from annotator.ui.guidelines.beside import GuidelinesBeside
from annotator.ui.idle import IdleCollector
from annotator.ui.looks import Looks
from annotator.ui.offers import Offers
from annotator.ui.operating import Operator
from annotator.ui.pages import ARTICLE, Pages
from annotator.ui.places import Places
from annotator.ui.recalling import Recalling
from annotator.ui.settings import WindowSettings
from annotator.ui.shelf import Shelf
from annotator.ui.snapping import Snapping
from annotator.ui.splitting import Splitting
from annotator.ui.tasks import Tasks
from annotator.ui.teaming import Teaming
from annotator.workflows.annotate import AnnotationSession, Change
from annotator.workflows.operations import OperationReport
from annotator.workflows.project import Project
from annotator.workflows.saving import SaveState

WIDTH_PX, HEIGHT_PX = 1389, 868
SETTLE_MS = 700
READ_AHEAD_CHARS = 100_000
"""Longer articles are read when they are opened: reading them would be felt by who goes on typing."""


class MainWindow(QMainWindow):
    """One window on one project (or on none: then it welcomes)."""

    save_state_changed = Signal(object)

    def __init__(self, annotator: str, settings: WindowSettings) -> None:
        super().__init__()
        self.annotator = annotator
        self._own_name = annotator  # who sits here; a file that was handed out is labelled under its annotator's name
        self.settings = settings
        self.project: Project | None = None
        self.session: AnnotationSession | None = None
        self.tasks = Tasks(self)
        self.offers = Offers(self)
        self.teaming = Teaming(self)
        self.operator = Operator(self)
        self.pages = Pages(self)
        self.doubting = Doubting(self)
        self.snapping = Snapping(self)
        self.places = Places(settings)
        self.frame = Frame(settings.recent_projects())
        self.splitting = Splitting(self)
        self.canvas, self.documents = self.frame.canvas, self.frame.documents
        self.inspector, self.hint_line = self.frame.inspector, self.frame.hint_line
        self.guidelines = GuidelinesBeside(self)
        self.actions_ = ActionSet(self, self.canvas, Commands(self))
        self.commands = self.actions_.commands
        self.looks = Looks(self)
        self.shelf = Shelf(self.documents)
        self.recalling = Recalling(self)
        self.collector = IdleCollector(self)
        self.collector.start()
        # A full collection takes 35 ms here: not between the key and the next document.
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.setWindowTitle("Annotator")
        self.setAcceptDrops(True)
        self.setCentralWidget(self.frame)
        self._connect()
        self._restore_geometry()
        self.looks.apply(self.looks.preferences)
        self.show_state()

    def open_project(self, location: str, *, annotator: str = "") -> bool:
        """Open a project in place of the one shown; a fault is said and nothing changes."""
        with self.saying_faults():
            return self.adopt(Project.open(location), annotator=annotator)
        return False

    def adopt(self, project: Project, *, annotator: str = "") -> bool:
        """Show an open project in place of the one shown; false when that one cannot be left. Raises `UserError`."""
        try:
            owner = project.find_owner()
            own_name = annotator or self._own_name
            name = owner or own_name
            session = project.session(name)
            may_take = self._close_project()
        except UserError:
            project.close()
            raise
        if not may_take:
            project.close()
            return False
        self.project, self.session, self.annotator, self._own_name = project, session, name, own_name
        session.saver.listen(self.save_state_changed.emit)
        self.settings.add_recent(project.location)
        self._show_scheme()
        self._take_rescues()
        self.refresh_listing()
        self.hint_line.show_save_state(session.saver.state)
        self.open_first()
        return True

    def open_first(self) -> None:
        """Open the document where the annotator was, else the first that is not done, else the first."""
        if self.project is None or self.session is None:
            return
        last = self.places.last_document(self.project.location)
        key = self.shelf.first(last)
        if key is None or not self.open_document(key):
            return
        if self.session.doc.document.id == last:
            self.canvas.restore_view_state(self.places.last_view(self.project.location))

    def open_document(self, key: int) -> bool:
        """Open a document; refused, with a sentence, while edits are not on the disk."""
        if self.session is None:
            return False
        if self.session.key == key:
            self.show_state()
            return True
        self._leave_document()
        try:
            doc = self.session.open(key)
        except UserError as fault:
            self.say(str(fault), is_bad=True)
            self.documents.set_current(self.session.key)
            return False
        self.canvas.show_document(doc, self.session.scheme)
        self.inspector.show_document(doc)
        if (view := self.places.find_view(key)) is not None:
            self.canvas.restore_view_state(view)
        self.shelf.follow(key, doc.status)
        self.doubting.begin()
        self.show_state()
        self.canvas.setFocus()
        self._settling.start()
        return True

    def go_to(self, key: int, start: int, end: int, *, span_id: str | None = None) -> bool:
        """Show the article at ``[start, end)``, code points: the span of this id is current, else the place selected.

        Returns whether the document could be opened.
        """
        self.pages.show(ARTICLE)
        if not self.open_document(key):
            return False
        if span_id is not None and self.canvas.doc is not None and span_id in self.canvas.doc.spans:
            self.canvas.set_current_span(span_id)
        else:
            self.canvas.set_selection(start, end)
            self.canvas.reveal(start)
        self.canvas.setFocus()
        return True

    def open_next_after(self, key: int) -> bool:
        """Open the next document after ``key`` that is new or in progress; after the last one say so.

        Returns whether the document ``key`` was left.
        """
        following = self.shelf.next_to_do(key)
        if following is not None:
            return self.open_document(following.key)
        if self.shelf.progress.left:
            self.say("No document is left in this list; others are: show all documents.")
            return False
        self._close_document()
        self.frame.empty.button.setFocus()
        return True

    def show_change(self, change: Change) -> None:
        """Carry the result of an edit to the article, the columns and the counts."""
        self.count_change(change)
        self.show_edited(change)
        self.pages.refresh()

    def show_edited(self, change: Change) -> None:
        """Carry the result of an edit to the article and the labels column."""
        self.canvas.update_document(change.doc, change.touched)
        self.inspector.update_document(change.doc)
        self.pages.refresh()
        self.doubting.follow(change)

    def count_change(self, change: Change) -> None:
        """Carry the result of an edit to the list of documents and the counts."""
        self._on_activity()
        self.hint_line.clear_message()
        if self.session is not None and self.session.key is not None:
            self.shelf.update(self.session.key, change)
            self.hint_line.show_save_state(self.session.saver.state)  # at once: "saved" is never a moment too old

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Say something in the line at the bottom."""
        self.frame.say(text, is_bad=is_bad)

    @contextmanager
    def saying_faults(self) -> Iterator[None]:
        """A fault that the person can mend is one sentence at the bottom."""
        try:
            yield
        except UserError as fault:
            self.say(str(fault), is_bad=True)

    def refresh_listing(self) -> None:
        """Read the documents and their counts anew."""
        if self.project is None or self.session is None:
            return
        with self.saying_faults():
            self.shelf.fill(self.project, self.session)
        self.show_state()

    def take_new_suggestions(self) -> None:
        """Show suggestions that arrived for the open document, if nothing was done in it yet."""
        if self.session is not None and self.session.is_untouched:
            self._reload_document()

    def take_new_labels(self) -> None:
        """Show labels that an import added to the scheme."""
        if self.project is not None and self.session is not None and self.project.scheme() != self.session.scheme:
            self._reload_document()
            self._show_scheme()

    def keep_preferences(self, preferences: Preferences) -> None:
        """Take over preferences: the window's looks, and the annotator's name."""
        self.looks.keep(preferences)
        self.call_annotator(preferences.annotator)

    def call_annotator(self, name: str) -> None:
        """Annotate under another name from now on: the open project is opened anew for it."""
        if not name or name == self.annotator:
            return
        if self.project is None:
            self.annotator = self._own_name = name
        elif owner := self.project.find_owner():
            self._own_name = name
            self.say(f"This file was handed out to {owner}, whose labels alone are collected from it.", is_bad=True)
        elif not self.open_project(self.project.location, annotator=name):
            self.looks.keep(replace(self.looks.preferences, annotator=self.annotator))

    def show_palette(self) -> None:
        """Open the command palette."""
        from annotator.ui.palette import CommandPalette, entries

        documents = [(row.title, partial(self.open_document, row.key)) for row in self.documents.model.rows]
        CommandPalette(entries(self.actions_, documents), self.settings, self.looks.theme, self).show_and_focus()

    def show_keys(self) -> None:
        """Show every key on one page."""
        from annotator.ui.key_help import KeyHelp

        KeyHelp(self.actions_.specs, self.looks.theme, self).open()

    def show_crash(self, summary: str, details: str) -> None:
        """Show a fault of the program, one at a time: a fault in painting would come again and again."""
        from annotator.ui.dialogs.error_dialog import ErrorDialog

        if self.findChild(ErrorDialog) is None:
            ErrorDialog(summary, details, self).open()

    def show_state(self) -> None:
        """Welcome page, empty project or article: whichever there is, and the actions that make sense then."""
        has_document = self.session is not None and self.session.key is not None
        progress = self.shelf.progress
        if self.project is None:
            self.frame.show_welcome()
        elif self.pages.current != ARTICLE:
            pass  # a page is shown in its place
        elif has_document:
            self.frame.show_article()
        else:
            self.frame.show_empty(empty_state(progress.done, progress.total, progress.left))
        there = {When.ALWAYS}
        there |= {When.PROJECT} if self.project else set()
        there |= {When.DOCUMENT} if has_document else set()
        if self.actions_.enable(there):
            self.show_hints()

    def retry_saving(self) -> None:
        """Try again to save what could not be saved."""
        if self.session is not None and self.project is not None:
            from annotator.ui.leaving import retry

            retry(self, self.session, self.project.location)

    def _connect(self) -> None:
        canvas, inspector, documents, welcome = self.canvas, self.inspector, self.documents, self.frame.welcome
        canvas.current_span_changed.connect(inspector.show_current)
        canvas.current_span_changed.connect(self.commands.note_current)
        canvas.selection_changed.connect(inspector.show_selection)
        canvas.current_relation_changed.connect(inspector.show_relation)
        canvas.resize_requested.connect(self.commands.resize)
        canvas.relation_requested.connect(self.commands.carrying.join)
        canvas.context_menu_requested.connect(self._on_context_menu_requested)
        canvas.zoom_requested.connect(self.looks.zoom)
        for signal in (canvas.verticalScrollBar().valueChanged, canvas.current_span_changed, canvas.selection_changed):
            signal.connect(self._on_activity)
        inspector.label_chosen.connect(self._on_label_chosen)
        inspector.span_chosen.connect(self._on_span_chosen)
        inspector.doubts.chosen.connect(self.doubting.go_to)
        documents.chosen.connect(self.open_document)
        documents.filter_changed.connect(self._on_filter_changed)
        documents.queue_chosen.connect(self.refresh_listing)
        documents.filter_left.connect(canvas.setFocus)
        self.doubting.watch()
        self.hint_line.retry_requested.connect(self.retry_saving)
        self.hint_line.action_requested.connect(self._on_action_requested)
        self.save_state_changed.connect(self._on_save_state_changed, Qt.ConnectionType.QueuedConnection)
        welcome.sample_requested.connect(self.offers.open_sample)
        welcome.new_requested.connect(self.offers.new_project)
        welcome.open_requested.connect(self.open_project)
        self.frame.empty.requested.connect(self._on_step_requested)
        self.frame.strip.follow(self.tasks)
        self._settling.timeout.connect(self._on_settled)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_colour_scheme_changed)

    def _show_scheme(self) -> None:
        assert self.project is not None
        scheme = self.project.scheme()
        self.actions_.show_labels(scheme)
        self.inspector.show_scheme(scheme, self.actions_.label_keys())
        self.guidelines.refresh()
        self.documents.show_project(Path(self.project.location).name, self.annotator)
        self.setWindowTitle(f"{self.project.name} – Annotator")
        self.show_hints()
        if collisions := key_collisions(scheme):
            self.say("; ".join(collisions) + ".", is_bad=True)

    def show_hints(self) -> None:
        """Show the keys in the line at the bottom."""
        scheme = self.session.scheme if self.session and self.session.key is not None else None
        self.hint_line.show_keys(hints(self.actions_.enabled_specs, scheme), self.looks.theme)

    def show_operated(self, report: OperationReport) -> None:
        """Carry the result of an operation over many documents to everything that is shown."""
        if report.operation.scheme_after is not None:
            self._show_scheme()
        self._show_document_anew()
        self.refresh_listing()
        self.pages.refresh()
        self.splitting.follow()
        if self.session is not None:
            self.hint_line.show_save_state(self.session.saver.state)

    def _reload_document(self) -> None:
        if self.session is not None and self.session.key is not None:
            with self.saying_faults():
                self.session.open(self.session.key)
                self._show_document_anew()

    def _show_document_anew(self) -> None:
        """Show the open document as the session has it now, at the same place."""
        if self.session is None or self.session.key is None:
            return
        state = self.canvas.view_state()
        self.canvas.show_document(self.session.doc, self.session.scheme)
        self.inspector.show_document(self.session.doc)
        self.canvas.restore_view_state(state)
        self.doubting.begin()

    def _close_document(self) -> None:
        """Show no document: everything is decided."""
        self._leave_document()
        assert self.session is not None
        self.session.close_document()
        self.canvas.clear()
        self.inspector.show_document(None)
        self.doubting.begin()
        self.shelf.follow(None, Status.DONE)
        self.show_state()

    def _leave_document(self) -> None:
        if self.session is not None and self.session.key is not None:
            self.places.leave(self.session.key, self.canvas.view_state())

    def _take_rescues(self) -> None:
        """Take back edits that an earlier window had to put aside."""
        from annotator.workflows.rescue import take_back_all

        assert self.project is not None
        for sentence in take_back_all(self.project):
            self.say(sentence)

    def _remember(self) -> None:
        self.settings.set_blob("window/geometry", self.saveGeometry())
        self.frame.keep(self.settings)
        if self.project and self.session and self.session.key is not None:
            self.places.keep(self.project.location, self.session.doc.document.id, self.canvas.view_state())
        self.settings.save()

    def _restore_geometry(self) -> None:
        self.resize(QSize(WIDTH_PX, HEIGHT_PX).boundedTo(self.screen().availableSize()))
        if (geometry := self.settings.blob("window/geometry")) is not None:
            self.restoreGeometry(geometry)
        self.frame.restore(self.settings)

    def _close_project(self) -> bool:
        """Leave the open project; false when the person stays because something is not saved."""
        if self.project is None or self.session is None:
            return True
        from annotator.ui.leaving import may_leave, stop_work

        if not may_leave(self, self.session.saver, self.project.location):
            return False
        self._remember()
        self.session.saver.listen(lambda _state: None)
        stop_work(self.tasks)
        self.canvas.clear()
        self.inspector.show_document(None)
        self.frame.second.clear()
        self.pages.forget()
        self.places.forget_run()
        self.doubting.forget()
        self.project.close()
        self.project = self.session = None
        return True

    def _on_activity(self) -> None:
        self.collector.note_activity()
        if self._settling.isActive():
            self._settling.start()

    def _on_settled(self) -> None:
        """The person reads: the next document is read from the disk, and what was loaded is put out of the way."""
        session = self.session
        if session is not None and self.project is not None:
            with self.saying_faults():
                self.shelf.show_pace(self.project, self.annotator, self.looks.preferences.daily_goal)
        if session is not None and session.key is not None:
            following = self.shelf.next_to_do(session.key)
            if following is not None and following.length_chars <= READ_AHEAD_CHARS:
                with self.saying_faults():
                    session.read_ahead(following.key)
        self.collector.settle()

    def _on_filter_changed(self) -> None:
        if self.project is None or self.session is None:
            return
        with self.saying_faults():
            self.shelf.filter(self.project, self.session)

    def _on_label_chosen(self, label_id: str, layer: str) -> None:
        self.commands.label(label_id, layer)
        self.canvas.setFocus()

    def _on_span_chosen(self, span_id: str) -> None:
        self.canvas.set_current_span(span_id)
        self.canvas.setFocus()

    def _on_action_requested(self, id_: str) -> None:
        self.actions_.action(id_).trigger()

    def _on_step_requested(self, step: NextStep) -> None:
        if step is NextStep.EXPORT:
            self.offers.export()
        else:
            self.offers.import_documents()

    def _on_context_menu_requested(self, point: QPoint) -> None:
        menu = QMenu(self)
        self.actions_.fill_context_menu(menu, has_span=self.canvas.current_span_id is not None)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _on_save_state_changed(self, state: SaveState) -> None:
        # The state may have moved on while this call was queued: show what is true now.
        self.hint_line.show_save_state(self.session.saver.state if self.session else state)

    def _on_colour_scheme_changed(self) -> None:
        self.looks.follow_system()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = local_paths(event)
        if paths and (self.project is not None or find_project(paths)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_paths(event)
        if (project := find_project(paths)) is not None:
            QTimer.singleShot(0, lambda: self.open_project(str(project)))
        elif paths:
            QTimer.singleShot(0, lambda: self.offers.import_documents(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember()
        if not self._close_project():
            event.ignore()
            return
        self.tasks.close()
        self._settling.stop()
        self.collector.stop()
        event.accept()
