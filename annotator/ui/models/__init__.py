"""Rows for list views: values in, no widget, nothing read back out."""

from __future__ import annotations

from PySide6.QtCore import Qt

DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the second line of a row, in lists that have one."""
