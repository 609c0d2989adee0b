"""The page on which the guideline is written: Markdown on the left, what it looks like on the right.

What was written is kept as a new version when the page is left; older versions can be looked at and taken up again.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QSplitter, QVBoxLayout

from annotator.domain.errors import UserError
from annotator.domain.guidelines import Guideline
from annotator.domain.labels import LabelScheme
from annotator.ui.dialogs.choice_box import ChoiceBox
from annotator.ui.dialogs.sheet import plain_button, text_label
from annotator.ui.guidelines.browser import GuidelineBrowser
from annotator.ui.pages import Page
from annotator.ui.theme import Theme
from annotator.workflows.guidelines import read_markdown, write_markdown

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

PREVIEW_MS = 200
AS_WRITTEN = "As it is being written"
FILES = "Markdown (*.md *.markdown *.txt)"
FOLDER_KEY = "guideline/folder"
ASIDE_KEY = "guideline/aside"


class GuidelinePage(Page):
    """See the module."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.setObjectName("guideline_page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._draft = ""
        self._kept = ""
        self.versions = ChoiceBox()
        self.take_up = plain_button("Go on from this version", "link")
        self.import_file = plain_button("Import…")
        self.export_file = plain_button("Export…")
        self.back = plain_button("Done", "primary")
        self.editor = QPlainTextEdit()
        self.preview = GuidelineBrowser(is_on_page=True)
        self._pause = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._assemble()
        self._connect()

    def enter(self) -> None:
        """Show the newest version to write on, or what could not be saved."""
        held: list[Guideline] = []
        if self._window.project is not None:
            with self._window.saying_faults():
                held = self._window.project.guidelines.versions()
        self._kept = held[0].body if held else ""
        self._draft = self._find_put_aside() or self._kept
        self._fill_versions(held)
        self._show_text(self._draft, is_older=False)
        self.editor.setFocus()

    def leave(self) -> None:
        """Keep what was written as a new version; what cannot be saved is put aside until one comes back."""
        self._note_draft()
        project, session = self._window.project, self._window.session
        if project is None or session is None or self._draft == self._kept:
            return
        try:
            saved = project.guidelines.save(self._draft, session.annotator)
        except UserError as fault:
            self._put_aside(self._draft)
            self._window.say(f"The guideline is not saved, what you wrote is put aside: {fault}", is_bad=True)
            return
        self._put_aside("")
        self._kept = self._draft
        self._window.say(f"The guideline is saved as version {saved.version:,}.")
        self._window.guidelines.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Colours of the preview; the rest has the style sheet."""
        self.preview.set_theme(theme)
        self.editor.setStyleSheet(
            f"QPlainTextEdit {{ color: {theme.text}; background: {theme.page}; border: none; padding: 12px 20px;"
            f"font-size: 14px; border-right: 1px solid {theme.line}; border-radius: 0; }}"
            f"QPlainTextEdit:focus {{ border: none; border-right: 1px solid {theme.accent}; }}"
        )

    def import_from(self, path: Path) -> None:
        """Take a Markdown file as what is being written; it is kept when the page is left."""
        with self._window.saying_faults():
            self._draft = read_markdown(path)
            self.versions.setCurrentIndex(0)
            self._show_text(self._draft, is_older=False)

    def export_to(self, path: Path) -> None:
        """Write what is shown as a Markdown file."""
        with self._window.saying_faults():
            write_markdown(path, self.editor.toPlainText())
            self._window.say(f"Written to {path}.")

    def _put_aside(self, body: str) -> None:
        location = self._window.project.location if self._window.project else ""
        self._window.settings.set_value(ASIDE_KEY, f"{location}\n{body}" if body else "")
        self._window.settings.save()

    def _find_put_aside(self) -> str | None:
        """What was written in this project and could not be saved, or None."""
        location, _, body = self._window.settings.value(ASIDE_KEY, "").partition("\n")
        is_ours = self._window.project is not None and location == self._window.project.location
        return body if is_ours and body else None

    def _scheme(self) -> LabelScheme:
        return self._window.session.scheme if self._window.session else LabelScheme("none")

    def _fill_versions(self, held: list[Guideline]) -> None:
        self.versions.blockSignals(True)
        self.versions.clear()
        self.versions.addItem(AS_WRITTEN, None)
        for one in held:
            self.versions.addItem(_version_in_words(one), one)
        self.versions.blockSignals(False)

    def _show_text(self, body: str, *, is_older: bool) -> None:
        self.editor.setReadOnly(is_older)
        self.editor.setPlainText(body)
        self.take_up.setVisible(is_older)
        self.import_file.setEnabled(not is_older)
        self._on_pause_over()

    def _note_draft(self) -> None:
        if not self.editor.isReadOnly():
            self._draft = self.editor.toPlainText()

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(10)
        self.versions.setAccessibleName("Version")
        for widget in (text_label("Guideline", "strong", is_wrapped=False), self.versions, self.take_up):
            head.addWidget(widget)
        head.addStretch(1)
        for widget in (
            text_label("Kept as a new version when you leave.", "dim", is_wrapped=False),
            self.import_file,
            self.export_file,
            self.back,
        ):
            head.addWidget(widget)
        self.editor.setAccessibleName("Guideline in Markdown")
        self.editor.setTabChangesFocus(True)
        self.editor.setFont(_plain_font())
        self.editor.setPlaceholderText(
            "# Guideline\n\n## Name of a label\n\nWhat it is, what it is not, and where it ends."
        )
        self.preview.setAccessibleName("Preview")
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setHandleWidth(1)
        panes.setChildrenCollapsible(False)
        panes.addWidget(self.editor)
        panes.addWidget(self.preview)
        panes.setSizes([600, 600])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(panes, 1)

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._on_pause_over)
        self.versions.currentIndexChanged.connect(self._on_version_chosen)
        self.take_up.clicked.connect(self._on_take_up_clicked)
        self.import_file.clicked.connect(self._on_import_clicked)
        self.export_file.clicked.connect(self._on_export_clicked)
        self.back.clicked.connect(self.left)

    def _on_pause_over(self) -> None:
        self._pause.stop()
        self.preview.show_guideline(self.editor.toPlainText(), self._scheme())

    def _on_version_chosen(self) -> None:
        self._note_draft()
        chosen = self.versions.currentData()
        if isinstance(chosen, Guideline):
            self._show_text(chosen.body, is_older=True)
        else:
            self._show_text(self._draft, is_older=False)

    def _on_take_up_clicked(self) -> None:
        """What is shown becomes what is being written."""
        self._draft = self.editor.toPlainText()
        self.versions.setCurrentIndex(0)
        self.editor.setFocus()

    def _on_import_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import a guideline", self._folder(), FILES)
        if name:
            self._window.settings.set_value(FOLDER_KEY, str(Path(name).parent))
            self.import_from(Path(name))

    def _on_export_clicked(self) -> None:
        start = str(Path(self._folder()) / "guideline.md")
        name, _ = QFileDialog.getSaveFileName(self, "Export the guideline", start, FILES)
        if name:
            self._window.settings.set_value(FOLDER_KEY, str(Path(name).parent))
            self.export_to(Path(name))

    def _folder(self) -> str:
        return self._window.settings.value(FOLDER_KEY, str(Path.home()))


def _version_in_words(one: Guideline) -> str:
    at = datetime.fromisoformat(one.at).astimezone()
    return f"Version {one.version:,} · {one.annotator} · {at.day} {at:%b %Y %H:%M}"


def _plain_font() -> QFont:
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
