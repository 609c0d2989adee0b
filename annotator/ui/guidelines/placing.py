"""Where the guideline stands: a column of its own, or in the inspector's place while the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

NARROW_PX = 1100


class Placing(QObject):
    """Shows and hides ``guideline``; in a narrow ``frame`` it takes the place of ``inspector``."""

    def __init__(self, frame: QWidget, guideline: QWidget, inspector: QWidget) -> None:
        super().__init__(frame)
        self._frame, self._guideline, self._inspector = frame, guideline, inspector
        self._is_wanted = False
        self.has_replaced = False
        self._is_arranging = False
        guideline.hide()
        frame.installEventFilter(self)
        inspector.installEventFilter(self)

    @property
    def is_wanted(self) -> bool:
        """Whether the guideline is shown beside the text."""
        return self._is_wanted

    def show(self, *, is_wanted: bool) -> None:
        """Show or hide the guideline."""
        self._is_wanted = is_wanted
        self._arrange()

    def _arrange(self) -> None:
        self._is_arranging = True
        has_no_room = self._is_wanted and self._frame.width() < NARROW_PX
        self._guideline.setVisible(self._is_wanted)
        if has_no_room and not self._inspector.isHidden():
            self._inspector.hide()
            self.has_replaced = True
        elif self.has_replaced and not has_no_room:
            self._inspector.show()
            self.has_replaced = False
        self._is_arranging = False

    def _on_inspector_shown(self) -> None:
        """The person wants the inspector back: where there is room for one, the guideline goes."""
        self.has_replaced = False
        if self._is_wanted and self._frame.width() < NARROW_PX:
            self.show(is_wanted=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._frame and event.type() == QEvent.Type.Resize:
            self._arrange()
        elif watched is self._inspector and event.type() == QEvent.Type.ShowToParent and not self._is_arranging:
            self._on_inspector_shown()
        return False
