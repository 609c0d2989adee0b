"""What a screen reader takes the window's own widgets for, where Qt has no role for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from annotator.ui.canvas.accessible import ArticleAccessible
from annotator.ui.canvas.view import AnnotationCanvas

ROLES: Mapping[str, QAccessible.Role] = {
    "DocumentsPanel": QAccessible.Role.Grouping,
    "InspectorPanel": QAccessible.Role.Grouping,
    "HintLine": QAccessible.Role.StatusBar,
    "TaskStrip": QAccessible.Role.StatusBar,
    "QSplitterHandle": QAccessible.Role.Separator,
}
"""By the name of the widget's class."""


def install_accessibility() -> None:
    """Have Qt ask here for what it tells screen readers; to be called once for an application."""
    QAccessible.installFactory(_make)


def _make(name: str, widget: QObject) -> QAccessibleInterface | None:
    """Qt's question for a widget's object: asked for its class, then for every class above it; None: as Qt has it."""
    if name == "AnnotationCanvas":
        return ArticleAccessible(cast(AnnotationCanvas, widget))
    role = ROLES.get(name)
    return QAccessibleWidget(cast(QWidget, widget), role) if role is not None else None
