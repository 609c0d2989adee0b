"""Object names, by which the style sheet finds widgets."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

Named = TypeVar("Named", bound=QWidget)


def named(widget: Named, name: str) -> Named:
    """The widget itself, under this object name."""
    widget.setObjectName(name)
    return widget
