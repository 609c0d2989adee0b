"""The left column kept true to the open project: which documents are shown, and how many are done."""

from __future__ import annotations

from annotator.domain.projects import Status
from annotator.ui import listing
from annotator.ui.listing import Progress
from annotator.ui.panels.documents import DocumentsPanel
from annotator.workflows.annotate import AnnotationSession, Change
from annotator.workflows.pace import pace_in_words
from annotator.workflows.project import DocumentRow, Project

FLUSH_S = 1.0


class Shelf:
    """The documents of one project as one annotator sees them. Reading raises a `UserError`."""

    def __init__(self, panel: DocumentsPanel) -> None:
        self.panel = panel
        self.progress = Progress()
        self._status = Status.NEW

    def follow(self, key: int | None, status: Status) -> None:
        """Another document is open; it may be one that the list does not show."""
        self._status = status
        self.panel.set_current(key)

    def fill(self, project: Project, session: AnnotationSession) -> None:
        """Read every document and count anew; show those that match what is typed and chosen."""
        self.panel.offer_queue(is_there=project.has_queue(session.annotator))
        rows = self._listing(project, session)
        self.progress = Progress(rows)
        self._show_progress()
        if self.panel.is_filtered:
            rows = self._listing(project, session, self.panel.query, self.panel.statuses)
        self.panel.show_rows(rows, session.key)

    def filter(self, project: Project, session: AnnotationSession) -> None:
        """Show the documents that match what is typed and chosen."""
        self.panel.show_rows(self._listing(project, session, self.panel.query, self.panel.statuses), session.key)

    def update(self, key: int, change: Change) -> None:
        """An edit changed the open document: its row, and the counts if its status is another."""
        row = listing.row_of(key, change.doc, self.panel.model.find_row(key))
        if row.status is not self._status:
            self.progress.move(self._status, row.status)
            self._status = row.status
            self._show_progress()
        self.panel.model.put(row)

    def show_pace(self, project: Project, annotator: str, goal: int) -> None:
        """Say how fast the annotator gets on; ``goal``: documents a day, 0 for none."""
        self.panel.show_pace(pace_in_words(project.pace(annotator, self.progress.left), goal))

    def first(self, last_id: str) -> int | None:
        """The document to begin with; None when none is shown."""
        return listing.first_to_open(self.panel.model.rows, last_id)

    def next_to_do(self, after: int) -> DocumentRow | None:
        """The next document shown that is not decided yet."""
        return listing.next_to_do(self.panel.model.rows, after)

    def _show_progress(self) -> None:
        self.panel.show_progress(self.progress.done, self.progress.total)

    def _listing(
        self, project: Project, session: AnnotationSession, query: str = "", statuses: tuple[Status, ...] = ()
    ) -> list[DocumentRow]:
        """The rows as they are on the disk, but the open document as it is in the window."""
        session.saver.flush(FLUSH_S)
        rows = project.listing(session.annotator, query, statuses, only_assigned=self.panel.shows_queue)
        if session.key is None:
            return rows
        return [listing.row_of(row.key, session.doc, row) if row.key == session.key else row for row in rows]
