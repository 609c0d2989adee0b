"""Annotator: label text corpora, correct spaCy's suggestions, export training data.

``from annotator import Project`` is the scripting interface; it is loaded on first use, so that importing the
package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.workflows.project import Project as Project

__version__ = "0.1.0"

__all__ = ["Project", "__version__"]


def __getattr__(name: str) -> object:
    if name == "Project":
        from annotator.workflows.project import Project

        return Project
    raise AttributeError(f"module 'annotator' has no attribute {name!r}")
