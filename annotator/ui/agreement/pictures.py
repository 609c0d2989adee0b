"""A report as a file: text by `agreement_files`, a page by Qt's PDF writer, the charts as PNG or SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument
from PySide6.QtSvg import QSvgGenerator

from annotator.agreement.report import AgreementReport
from annotator.ui.fonts import text_font
from annotator.ui.theme import Theme
from annotator.workflows.agreement_files import as_csv, as_html, as_json, as_latex
from annotator.workflows.file_names import NotWritten, write_whole

FILTERS = ";;".join(
    f"{words} (*.{ending})"
    for words, ending in (
        ("Page to cite", "pdf"), ("Page", "html"), ("All figures", "csv"), ("All figures", "json"),
        ("LaTeX tables", "tex"), ("Charts", "png"), ("Charts", "svg"),
    )
)  # fmt: skip
GAP_PX, MARGIN_MM, SCALE = 24, 18.0, 2
SCALES = (1.0, 0.93, 0.86, 0.8, 0.74)
_PRINTED = (
    "body { font-size: 8.5pt; } h1 { font-size: 14pt; } h2 { font-size: 10pt; margin: 4px 0; } p { margin: 3px 0; }"
    " ul { margin: 0; }"
)


class Picture(Protocol):
    """Something that draws itself."""

    def paint_on(self, painter: QPainter) -> None:
        """Draw at (0, 0)."""

    def sizeHint(self) -> QSize:
        """How much it draws on."""

    def set_theme(self, theme: Theme) -> None:
        """In which colours."""


def write_report(path: Path, report: AgreementReport, heading: str, made: str, pictures: Sequence[Picture]) -> None:
    """Write ``path`` as its ending says, whole or not at all. Raises `NotWritten`."""
    writers: Mapping[str, Callable[[], str | Callable[[Path], None]]] = {
        ".csv": lambda: as_csv(report),
        ".json": lambda: as_json(report),
        ".tex": lambda: as_latex(report),
        ".html": lambda: as_html(report, heading, made),
        ".pdf": lambda: lambda part: _write_pdf(part, as_html(report, heading, made, style=_PRINTED), heading),
        ".png": lambda: lambda part: _write_png(part, pictures),
        ".svg": lambda: lambda part: _write_svg(part, pictures, heading),
    }
    make = writers.get(path.suffix.lower())
    if make is None:
        remedy = f"end it in one of {', '.join(writers)}"
        raise NotWritten("the ending of the file says nothing", where=str(path), remedy=remedy)
    write_whole(path, make())


def _write_pdf(path: Path, html: str, title: str) -> None:
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setResolution(150)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )
    document = QTextDocument()
    font = text_font(12)
    font.setPointSizeF(8.5)
    document.setDefaultFont(font)
    document.documentLayout().setPaintDevice(writer)
    document.setHtml(html)
    _print(document, writer)
    if not path.exists():
        raise OSError("the page could not be written")


def _print(document: QTextDocument, writer: QPdfWriter) -> None:
    """On one page if it can still be read there, else on several."""
    for scale in SCALES:
        document.setTextWidth(writer.width() / scale)
        if document.size().height() <= writer.height() / scale:
            painter = QPainter(writer)
            painter.scale(scale, scale)
            document.drawContents(painter)
            painter.end()
            return
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    painter = QPainter(writer)
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, -page * writer.height())
        document.drawContents(painter, QRectF(0, page * writer.height(), writer.width(), writer.height()))
        painter.restore()
    painter.end()


def _write_png(path: Path, pictures: Sequence[Picture]) -> None:
    size = _size(pictures)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    _paint(painter, pictures)
    painter.end()
    if not image.save(str(path), "PNG"):  # type: ignore[call-overload]
        raise OSError("the picture could not be written")


def _write_svg(path: Path, pictures: Sequence[Picture], title: str) -> None:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(_size(pictures))
    generator.setTitle(title)
    painter = QPainter(generator)
    _paint(painter, pictures)
    painter.end()


def _paint(painter: QPainter, pictures: Sequence[Picture]) -> None:
    painter.translate(GAP_PX, GAP_PX)
    for picture in pictures:
        picture.paint_on(painter)
        painter.translate(0, picture.sizeHint().height() + GAP_PX)


def _size(pictures: Sequence[Picture]) -> QSize:
    sizes = [picture.sizeHint() for picture in pictures]
    width = max(size.width() for size in sizes) + 2 * GAP_PX
    return QSize(width, sum(size.height() + GAP_PX for size in sizes) + GAP_PX)
