"""Pictures of every dialog in every theme, with long paths and long lists, to be looked at.

``python -m tests.gui.dialogs.gallery FOLDER`` writes them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.domain.errors import UserError
from annotator.domain.projects import Annotator, AnnotatorKind, Status
from annotator.ui.dialogs.error_dialog import ErrorDialog
from annotator.ui.dialogs.export_dialog import ExportDialog
from annotator.ui.dialogs.export_form import ExportChoices
from annotator.ui.dialogs.import_dialog import ImportDialog, import_dialog
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.preferences import Preferences, PreferencesDialog
from annotator.ui.dialogs.style import dialog_stylesheet
from annotator.ui.dialogs.suggest_dialog import SuggestDialog
from annotator.ui.dialogs.task_strip import TaskStrip
from annotator.ui.dialogs.welcome import WelcomePage
from annotator.ui.fonts import interface_font, load_fonts
from annotator.ui.tasks import Tasks, Work
from annotator.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Theme
from annotator.workflows.export_request import ExportRequest
from annotator.workflows.exporting import ExportReport, Loss
from annotator.workflows.format_list import known_formats
from annotator.workflows.import_request import ImportReport, ImportRequest
from annotator.workflows.progress import Progress, raise_if_cancelled
from annotator.workflows.schemes import shipped_schemes
from tests.gui.dialogs.memory_settings import MemorySettings

LONG_FOLDER = Path(
    "/home/wanda/Documents/Corpora/Parliament and press releases 2021–2023/second round of annotation/exports"
)


def palette_of(theme: Theme) -> QPalette:
    """Enough of a palette for what the style sheet leaves to the style (indicators, pop-ups)."""
    palette = QPalette()
    pairs = (
        (QPalette.ColorRole.Window, theme.page),
        (QPalette.ColorRole.Base, theme.page),
        (QPalette.ColorRole.Button, theme.panel),
        (QPalette.ColorRole.WindowText, theme.text),
        (QPalette.ColorRole.Text, theme.text),
        (QPalette.ColorRole.ButtonText, theme.text),
        (QPalette.ColorRole.PlaceholderText, theme.dim),
        (QPalette.ColorRole.Highlight, theme.accent),
        (QPalette.ColorRole.HighlightedText, theme.page),
    )
    for role, colour in pairs:
        palette.setColor(role, QColor(colour))
    return palette


def loss(number: int) -> Loss:
    """A span that was left out."""
    reasons = ("a suggestion that nobody has decided yet", "overlaps a longer span on the same tokens")
    return Loss(
        document_id=f"{number:03}_f5e1c644a45f7c76",
        start=1200 + number,
        end=1209 + number,
        label=("GPE", "PERSON", "WORK_OF_ART")[number % 3],
        reason=reasons[number % 4 == 0],
    )


def export_work(request: ExportRequest) -> Work:
    """An export that writes nothing."""

    def work(progress: Progress) -> ExportReport:
        if request.format == "spacy":
            raise UserError("the folder cannot be made (Permission denied)", where=str(request.out))
        for done in range(5):
            raise_if_cancelled(progress)
            progress.report(done, 12, "documents")
        files = [] if request.is_dry_run else [request.out / "news.conll"]
        loses = next(one.loses for one in known_formats() if one.name == request.format)
        return ExportReport(
            documents=12,
            spans=431,
            left_out=[loss(number) for number in range(37 if loses else 0)],
            loses=loses,
            files=files,
            manifest=None if request.is_dry_run else request.out / "news.conll.manifest.json",
        )

    return work


def import_work(request: ImportRequest) -> Work:
    """An import that stores nothing."""

    def rejected(number: int) -> SimpleNamespace:
        path = f"{request.sources[0]}/part-{number // 100:03}.jsonl"
        return SimpleNamespace(
            path=path, line=number * 17 + 1, reason="the span 120–240 lies outside the text (200 characters)"
        )

    def work(_: Progress) -> ImportReport:
        return ImportReport(200, 4, 812, 0, [rejected(number) for number in range(1204)])  # type: ignore[misc]

    return work


def slow(progress: Progress) -> None:
    """Work for the strip."""
    for done in range(300):
        raise_if_cancelled(progress)
        progress.report(done, 300, "documents")
        time.sleep(0.02)


def export_choices() -> ExportChoices:
    """Three annotators, a pipeline, and most statuses."""
    return ExportChoices(
        formats=tuple(known_formats()),
        annotators=(
            Annotator("alice"),
            Annotator("bob"),
            Annotator("gold"),
            Annotator("en_core_web_sm", AnnotatorKind.PIPELINE),
        ),
        current_annotator="alice",
        by_status={Status.NEW: 280, Status.IN_PROGRESS: 7, Status.DONE: 12, Status.SKIPPED: 1},
        folder=LONG_FOLDER,
    )


def settle(condition: Callable[[], bool]) -> None:
    """Let the event loop run until something holds."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        QTest.qWait(20)


def exports(tasks: Tasks) -> Iterator[tuple[str, QWidget]]:
    """The export dialog before, with its losses open, with a fault, and after."""
    for name, number, is_open in (("jsonl", 0, False), ("losses", 1, True), ("fault", 2, False)):
        dialog = ExportDialog(export_choices(), tasks, export_work, MemorySettings())
        dialog.form.formats.setCurrentRow(number)
        dialog.show()
        settle(lambda d=dialog: d.preview.line.text() != "Counting…")  # type: ignore[misc]
        dialog.preview.records.toggle.setChecked(is_open)
        yield f"export-{name}", dialog
        if is_open:
            dialog.go.click()
            settle(lambda d=dialog: d.pages.currentIndex() == 1)  # type: ignore[misc]
            dialog.written.records.toggle.setChecked(True)
            yield "export-written", dialog


def imports(tasks: Tasks, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """The import dialog empty, with a preview, and with its report."""
    formats = tuple(known_formats())
    empty = import_dialog(formats, tasks, import_work, MemorySettings(), "alice")
    yield "import-empty", empty
    long = folder / ("a very long folder name that goes on and on " * 3)
    long.mkdir(exist_ok=True)
    paths = (folder / "senate_200_sample.jsonl", long, folder / "000_f5e1c644a45f7c76.txt")
    dialog: ImportDialog = import_dialog(
        formats,
        tasks,
        import_work,
        MemorySettings(),
        "alice",
        paths=paths,
        guess_format=lambda path: {".txt": "Plain text", ".jsonl": "JSONL"}.get(path.suffix, ""),
    )
    dialog.show()
    settle(dialog.go.isEnabled)
    yield "import-preview", dialog
    dialog.go.click()
    settle(dialog.go.isHidden)
    dialog.records.toggle.setChecked(True)
    yield "import-report", dialog


def others(tasks: Tasks, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """Every other dialog and page."""
    names = ["en_core_web_sm", "fr_core_news_sm"]
    yield "suggest", SuggestDialog(names, "en", MemorySettings())
    blank = SuggestDialog(names, "uk", MemorySettings())
    blank.pipeline.setCurrentIndex(3)
    yield "suggest-blank", blank
    settings = MemorySettings({"project/folder": str(folder)})
    yield "new-project", NewProjectDialog(shipped_schemes(), "alice", settings)
    yield "preferences", PreferencesDialog(Preferences(annotator="alice"), ["Noto Serif", "Source Serif 4"])
    recent = ["/home/wanda/news.annotator", f"{LONG_FOLDER}/senate.annotator", "postgresql+psycopg://db/press"]
    page = WelcomePage(recent)
    page.resize(1000, 640)
    yield "welcome", page
    trace = "Traceback (most recent call last):\n" + "".join(f'  File "x.py", line {n}, in f\n' for n in range(40))
    error = ErrorDialog("KeyError: 'GPE' while the labels were drawn", trace)
    yield "error", error
    error.toggle.click()
    yield "error-details", error
    strip = TaskStrip()
    strip.follow(tasks)
    strip.resize(840, 34)
    tasks.start("Suggesting", slow)
    QTest.qWait(900)
    yield "strip", strip
    tasks.cancel_all()


def main(folder: Path) -> None:
    """Write the pictures."""
    app = QApplication([])
    app.setStyle("Fusion")
    load_fonts()
    app.setFont(interface_font())
    scratch = Path(tempfile.mkdtemp())
    for theme in (LIGHT, DARK, HIGH_CONTRAST):
        app.setPalette(palette_of(theme))
        app.setStyleSheet(dialog_stylesheet(theme))
        tasks = Tasks()
        for source in (exports(tasks), imports(tasks, scratch), others(tasks, scratch)):
            for name, widget in source:
                widget.show()
                QTest.qWait(60)
                widget.grab().save(str(folder / f"{name}-{theme.name.replace(' ', '-')}.png"))
        tasks.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
