"""What actions do: corrections on the open document, walking through documents, and the window's own matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from annotator.domain import corrections
from annotator.domain.corrections import Edge
from annotator.domain.edits import Edit, RemoveRelation
from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.ui.announcing import edit_in_words
from annotator.ui.canvas.view import AnnotationCanvas
from annotator.ui.carrying import Carrying
from annotator.workflows.annotate import AnnotationSession, Change
from annotator.workflows.clock import new_id
from annotator.workflows.saving import NotSaved

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Commands:
    """The window as actions see it. A fault the person made is one sentence at the bottom."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.carrying: Carrying = Carrying(window, self)
        self.last_current: str | None = None

    @property
    def canvas(self) -> AnnotationCanvas:
        """The article."""
        return self._window.canvas

    def note_current(self, span_id: str | None) -> None:
        """Remember which span was current last: a part may be added to it."""
        if span_id is not None:
            self.last_current = span_id

    def label(self, label_id: str, layer: str) -> None:
        """Relabel the current span, or label the selection, or the token under the cursor."""
        session, canvas = self._window.session, self.canvas
        if session is None or session.key is None:
            return
        if canvas.current_span_id is not None:
            self._decide(lambda: corrections.relabel(session.doc, canvas.current_span_id or "", label_id))
        elif canvas.target_range is not None:
            span_id = new_id()
            target = canvas.target_range
            add = self.try_edit(lambda: corrections.add_span(session.doc, target, label_id, span_id, layer=layer))
            if add is not None:
                canvas.set_current_span(span_id, reveal=False)
                self._window.doubting.go_on()

    def remove(self) -> None:
        """Remove the current span, or the relation that was chosen; the cursor stays there.

        Where a place without a span is doubted and selected: dismiss the doubt.
        """
        relation_id = self.canvas.current_relation_id
        if relation_id is not None:
            self.try_edit(lambda: RemoveRelation(relation_id))
        elif self._window.doubting.dismiss_selected():
            self._window.doubting.go_on()
        else:
            self._decide_current(corrections.remove)

    def accept(self) -> None:
        """Accept the current suggestion; or add what is proposed for a doubtful place without a span."""
        doubt = self._window.doubting.find_selected()
        proposal = doubt.find_proposal() if doubt else None
        if proposal is not None:
            self.label(proposal.label, proposal.layer)
        else:
            self._decide_current(corrections.accept)

    def go_to_doubt(self, step: int) -> None:
        """Go to the next or previous place that most likely needs a decision."""
        self._window.doubting.go(step)

    def move_edge(self, edge: Edge, step: int) -> None:
        """Move an edge by a token: of the current span, or of its part that was chosen; where no span is current, of
        what a label key would label.
        """
        session, target, part = self._window.session, self.canvas.target_range, self.canvas.current_part
        if self.canvas.current_span_id is not None or session is None or session.key is None or target is None:
            self._on_current(lambda doc, span_id: corrections.move_edge(doc, span_id, edge, step, part=part))
            return
        with self._window.saying_faults():
            self.canvas.set_selection(*corrections.with_moved_edge(session.doc.document, target, edge, step))

    def snap(self, step: int) -> None:
        """Move the current span, or the selection, to the next or previous place where its edges are likely."""
        self._window.snapping.go(step)

    def resize(self, span_id: str, part: int, start: int, end: int) -> None:
        """Move the edges of a span, or of one of its parts, to where they were dragged."""
        session = self._window.session
        if session is not None:
            self.try_edit(lambda: corrections.resize(session.doc, span_id, start, end, part=part))

    def mark_and_go_on(self, status: Status, reason: str = "") -> None:
        """Set the status, with a reason in words, and open the next document that is not done."""
        session = self._window.session
        if session is None or session.key is None:
            return
        key = session.key
        if (change := self._perform(lambda: corrections.mark(session.doc, status, reason))) is None:
            return
        self._window.count_change(change)
        if not self._window.open_next_after(key):  # what is left at once need not be painted
            self._window.show_edited(change)

    def flag(self) -> None:
        """Flag the document for later, or take the flag away."""
        session = self._window.session
        if session is not None and session.key is not None:
            is_flagged = session.doc.status is Status.FLAGGED
            self.try_edit(lambda: corrections.mark(session.doc, Status.IN_PROGRESS if is_flagged else Status.FLAGGED))

    def undo(self) -> None:
        """Take the last edit back, in the document where it was made."""
        session, page = self._window.session, self._window.pages.find_shown()
        if page is not None and page.undo():
            return
        if session is None or not session.can_undo:
            self._window.say("There is nothing to undo.")
            return
        if (operation := session.undo_operation) is not None:
            self._window.operator.undo(operation)
            return
        if session.undo_key is None:
            return
        if session.undo_key != session.key and not self._window.open_document(session.undo_key):
            return
        with self._window.saying_faults():
            self._show(session.undo(), "Undone")

    def redo(self) -> None:
        """Make the last undone edit again, in the document where it was undone."""
        session, page = self._window.session, self._window.pages.find_shown()
        if page is not None and page.redo():
            return
        if session is None or not session.can_redo:
            self._window.say("There is nothing to redo.")
            return
        if (operation := session.redo_operation) is not None:
            self._window.operator.redo(operation)
            return
        if session.redo_key is None:
            return
        if session.redo_key != session.key and not self._window.open_document(session.redo_key):
            return
        with self._window.saying_faults():
            self._show(session.redo(), "Done again")

    def go_to_document(self, step: int) -> None:
        """Open a neighbour in the list as shown."""
        session = self._window.session
        key = self._window.documents.neighbour(session.key if session else None, step)
        if key is None:
            self._window.say("This is the last document." if step > 0 else "This is the first document.")
        else:
            self._window.open_document(key)

    def propagate(self, *, is_everywhere: bool = False) -> None:
        """Offer the current span's label to the other places of its words, here or in the whole corpus."""
        from annotator.ui.propagation import propagate

        propagate(self._window, is_everywhere=is_everywhere)

    def show_places(self) -> None:
        """Show where the current words were labelled so far."""
        self._window.recalling.show_places()

    def escape(self) -> None:
        """Nothing current, nothing selected, no relation begun."""
        self.carrying.drop_relation()
        self.canvas.set_current_relation(None)
        self.canvas.set_current_span(None)
        self.canvas.clear_selection()

    def copy_text(self) -> None:
        """Put the current span's or the selected text on the clipboard."""
        session, canvas = self._window.session, self.canvas
        if session is None or session.key is None:
            return
        span = session.doc.spans.find(canvas.current_span_id or "")
        chosen = (span.start, span.end) if span else canvas.target_range
        if chosen is not None:
            QGuiApplication.clipboard().setText(session.doc.document.text[slice(*chosen)])

    def focus_filter(self) -> None:
        """Type into the filter of the documents."""
        self._window.documents.show()
        self._window.documents.filter.setFocus()
        self._window.documents.filter.selectAll()

    def zoom(self, step: int) -> None:
        """Larger or smaller text; 0: the usual size."""
        self._window.looks.zoom(step)

    def toggle_documents(self) -> None:
        """Show or hide the left column."""
        self._toggle(self._window.documents)

    def toggle_inspector(self) -> None:
        """Show or hide the right column."""
        self._toggle(self._window.inspector)

    def toggle_guidelines(self) -> None:
        """Show or hide the guideline beside the text."""
        self._window.guidelines.toggle()

    def pin(self, *, is_positive: bool) -> None:
        """Pin the current span to its label's rule: as an example, or as one of what it is not; again: take it away."""
        self._window.guidelines.pin(is_positive=is_positive)

    def choose_theme(self, name: str) -> None:
        """Change the colours and remember it."""
        self._window.looks.choose_theme(name)

    def toggle_split(self) -> None:
        """Show a second document beside the open one, or one only."""
        self._window.splitting.toggle()

    def swap_split(self) -> None:
        """Make the second document the open one."""
        self._window.splitting.swap()

    @property
    def is_split(self) -> bool:
        """Whether two documents are shown."""
        return self._window.splitting.is_open

    def show_page(self, name: str) -> None:
        """Show a full page of the open project, or the article."""
        self._window.pages.show(name)

    def show_search(self) -> None:
        """Show the search page, ready to be typed into."""
        from annotator.ui.search_page import SearchPage

        page = self._window.pages.show("search")
        if isinstance(page, SearchPage):
            page.focus_field()

    def show_palette(self) -> None:
        """Open the command palette."""
        self._window.show_palette()

    def show_keys(self) -> None:
        """Show every key."""
        self._window.show_keys()

    def new_project(self) -> None:
        """Make a project."""
        self._window.offers.new_project()

    def open_project(self) -> None:
        """Choose a project file."""
        self._window.offers.open_project()

    def open_sample(self) -> None:
        """Open the sample project."""
        self._window.offers.open_sample()

    def import_documents(self) -> None:
        """Import articles."""
        self._window.offers.import_documents()

    def export(self) -> None:
        """Export training data."""
        self._window.offers.export()

    def recent_exports(self) -> None:
        """Show what was exported before."""
        self._window.offers.recent_exports()

    def suggest(self) -> None:
        """Let a pipeline suggest spans."""
        self._window.offers.suggest()

    def assign_documents(self) -> None:
        """Assign documents to annotators."""
        self._window.teaming.assign()

    def hand_out(self) -> None:
        """Write an annotator's documents to a file of their own."""
        self._window.teaming.hand_out()

    def collect(self) -> None:
        """Take back what was labelled in files that were handed out."""
        self._window.teaming.collect()

    def preferences(self) -> None:
        """Change preferences."""
        self._window.offers.preferences()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def toggle_going_on(self) -> None:
        """After a decision stay there, or go on to the next doubt by itself."""
        self._window.looks.toggle_going_on()

    @property
    def goes_on(self) -> bool:
        """Whether a decision leads to the next doubt by itself."""
        return self._window.looks.preferences.goes_on

    @property
    def theme_name(self) -> str:
        """The colours that were chosen; ``system``: as the system has them."""
        return self._window.looks.preferences.theme

    @property
    def has_documents_column(self) -> bool:
        """Whether the left column is shown."""
        return not self._window.documents.isHidden()

    @property
    def has_inspector_column(self) -> bool:
        """Whether the right column is shown."""
        return not self._window.inspector.isHidden()

    @property
    def has_guidelines(self) -> bool:
        """Whether the guideline is shown beside the text."""
        return self._window.guidelines.is_shown

    def save_now(self) -> None:
        """Try again what could not be saved; else say that nothing needs saving."""
        session = self._window.session
        if session is not None and isinstance(session.saver.state, NotSaved):
            self._window.retry_saving()
        else:
            self._window.say("Every key is saved as you press it.")

    def go_to_pane(self, step: int) -> None:
        """Move the focus to the next part of the window."""
        self._window.frame.go_to_pane(step)

    def _on_current(self, make: corrections.OnSpan) -> bool:
        """Edit the current span; whether that was done."""
        session, span_id = self._window.session, self.canvas.current_span_id
        if session is None or session.key is None:
            return False
        if span_id is None:
            self._window.say("No span is current: Tab goes to the next one, or click one.")
            return False
        return self.try_edit(lambda: make(session.doc, span_id)) is not None

    def _decide(self, make: corrections.Make) -> None:
        """Make an edit that decides about a place; then go on, when that is wished."""
        if self.try_edit(make) is not None:
            self._window.doubting.go_on()

    def _decide_current(self, make: corrections.OnSpan) -> None:
        if self._on_current(make):
            self._window.doubting.go_on()

    def _toggle(self, column: QWidget) -> None:
        column.setVisible(column.isHidden())
        if column.isHidden() and not self._window.focusWidget():
            self.canvas.setFocus()

    def try_edit(self, make: corrections.Make) -> Edit | None:
        """Make an edit, perform it and show it; a fault is said and nothing changes."""
        change = self._perform(make)
        if change is None:
            return None
        self._window.show_change(change)
        return change.edit

    def _perform(self, make: corrections.Make) -> Change | None:
        session = self._window.session
        assert isinstance(session, AnnotationSession)
        try:
            edit = make()
            change = session.perform(edit, self.canvas.view_state())
        except UserError as fault:
            self._window.say(str(fault), is_bad=True)
            return None
        self.canvas.announce(edit_in_words(edit, change.doc, session.scheme))
        return change

    def _show(self, change: Change | None, what: str) -> None:
        if change is not None:
            self._window.show_state()
            self._window.show_change(change)
            self.canvas.restore_view_state(change.view)
            title = change.doc.document.display_title
            self._window.say(f"{what} in “{title[:60]}”")
