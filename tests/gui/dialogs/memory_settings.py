"""Settings that live as long as the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from annotator.ui.dialogs.settings import Kind


class MemorySettings:
    """A `Settings` in memory."""

    def __init__(self, values: Mapping[str, str | int | bool] | None = None) -> None:
        self.values: dict[str, str | int | bool] = dict(values or {})

    def value(self, key: str, default: Kind) -> Kind:
        return cast(Kind, self.values.get(key, default))

    def set_value(self, key: str, value: str | int | bool) -> None:
        self.values[key] = value
