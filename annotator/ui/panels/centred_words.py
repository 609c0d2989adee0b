"""A heading and a few words in the middle of a page that has nothing else to show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

WORDS_PX = 460


class CentredWords(QWidget):
    """``title`` and ``words`` are labels; words wrap."""

    def __init__(self, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter) -> None:
        super().__init__()
        self.title, self.words = QLabel(), QLabel(wordWrap=True)
        self.title.setProperty("heading", True)
        self.words.setProperty("dim", True)
        self.words.setFixedWidth(WORDS_PX)
        column = QVBoxLayout(self)
        column.addStretch(2)
        for part in (self.title, self.words):
            part.setAlignment(alignment)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(part)
            row.addStretch(1)
            column.addLayout(row)
        column.addStretch(3)

    def say(self, title: str, words: str) -> None:
        """Say something else."""
        self.title.setText(title)
        self.words.setText(words)
