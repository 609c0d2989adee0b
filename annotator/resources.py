"""Where shipped files are: label schemes, icons, fonts, the in-app guide, the sample articles.

In a checkout they are the folders ``resources/`` and ``seeds/`` beside the package, in an installed wheel they
lie inside it. Standard library only; anybody may import this.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_path(*parts: str) -> Path:
    """The path of a shipped resource (a folder without ``parts``)."""
    return _folder("resources").joinpath(*parts)


def seeds_path(*parts: str) -> Path:
    """The path of a file of the sample corpus."""
    return _folder("seeds").joinpath(*parts)


def _folder(name: str) -> Path:
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name
