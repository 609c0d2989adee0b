"""The title above the article and a dim line about it; part of the scrolled page, measured once for a width."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from annotator.domain.text import Document
from annotator.ui.canvas.blocks import find_direction
from annotator.ui.canvas.style import Style

TOP_PX = 34
BETWEEN_PX = 6
BELOW_PX = 22
MOST_LINES = 2
_ELIDED = Qt.TextElideMode.ElideRight


class Header:
    """The title in at most two lines, and id, tokens and tokenizer below; on the right for right-to-left titles."""

    def __init__(self, document: Document, style: Style, width: float) -> None:
        self._width = width
        self._title_px = QFontMetricsF(style.title_font).height()
        self._dim_px = QFontMetricsF(style.dim_font).height()
        title = document.display_title
        self._is_rtl = (find_direction(title, 0, len(title)) or "L") != "L"
        self.title_lines = wrapped(title, QFontMetricsF(style.title_font), width)
        self.about = QFontMetricsF(style.dim_font).elidedText(_about(document), Qt.TextElideMode.ElideMiddle, width)
        self.height = round(TOP_PX + self._title_px * len(self.title_lines) + BETWEEN_PX + self._dim_px + BELOW_PX)

    def paint(self, painter: QPainter, left: float, top: float, style: Style) -> None:
        """Paint with the header's top left corner at ``(left, top)``."""
        y = top + TOP_PX
        painter.setFont(style.title_font)
        painter.setPen(QColor(style.theme.text))
        for line in self.title_lines:
            self._paint_line(painter, line, left, y + QFontMetricsF(style.title_font).ascent())
            y += self._title_px
        painter.setFont(style.dim_font)
        painter.setPen(QColor(style.theme.dim))
        self._paint_line(painter, self.about, left, y + BETWEEN_PX + QFontMetricsF(style.dim_font).ascent())

    def _paint_line(self, painter: QPainter, text: str, left: float, baseline: float) -> None:
        shift = self._width - painter.fontMetrics().horizontalAdvance(text) if self._is_rtl else 0.0
        painter.drawText(QPointF(left + shift, baseline), text)


def wrapped(text: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """Words in at most two lines of ``width`` pixels; what does not fit is elided."""
    words, lines = text.split(), [""]
    for index, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > width:
            if len(lines) == MOST_LINES:
                lines[-1] = " ".join((lines[-1], *words[index:]))
                break
            lines.append(word)
        else:
            lines[-1] = longer
    return [metrics.elidedText(line, _ELIDED, width) for line in lines]


def _about(document: Document) -> str:
    count = len(document.tokens)
    parts = (document.id, f"{count:,} token{'' if count == 1 else 's'}", document.tokenizer)
    return " · ".join(part for part in parts if part)
