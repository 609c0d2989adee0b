"""The formats as people see them."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.formats.registry import all_formats


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """A format as shown to a person. ``loses``: what it cannot hold."""

    name: str
    title: str
    extension: str
    reads: bool
    writes: bool
    loses: tuple[str, ...]
    is_folder: bool = False
    extra: str = ""
    has_splits: bool = False


def known_formats() -> list[FormatInfo]:
    """Every format there is, plug-ins included."""
    return [
        FormatInfo(
            one.name,
            one.title,
            one.extension,
            one.make_reader is not None,
            one.make_writer is not None,
            one.loses,
            one.is_folder,
            one.extra,
            one.has_splits,
        )
        for one in all_formats()
    ]
