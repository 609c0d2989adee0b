"""The layer rules bite: each forbidden import, planted in a copy of the package, is reported by the linter."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PLANTED = [
    ("domain/spans.py", "import annotator.formats.registry", "Layers import downwards only"),
    ("store/rows.py", "import annotator.workflows.clock", "Layers import downwards only"),
    ("workflows/clock.py", "import annotator.ui.theme", "Layers import downwards only"),
    ("nlp/pieces.py", "import annotator.store.errors", "Layers import downwards only"),
    ("ui/theme.py", "import annotator.cli", "Layers import downwards only"),
    ("workflows/clock.py", "import PySide6.QtCore", "Only the window knows Qt"),
    ("workflows/clock.py", "import shiboken6", "Only the window knows Qt"),
    ("formats/flat.py", "import PySide6", "Only the window knows Qt"),
    ("cli.py", "def show() -> None:\n    import PySide6.QtWidgets", "Only ui and app name Qt"),
    ("workflows/clock.py", "import sqlalchemy", "Only the store knows SQL"),
    ("nlp/pieces.py", "import alembic.config", "Only the store knows SQL"),
    ("store/reader.py", "import sqlite3", "Only the store knows SQL"),
    ("ui/theme.py", "import sqlite3", "Only the store knows SQL"),
    ("nlp/messages.py", "import thinc.api", "Only the worker process and the DocBin modules know spaCy"),
    ("formats/conll/words.py", "import spacy", "Only the worker process and the DocBin modules know spaCy"),
    ("workflows/suggesting.py", "import spacy.tokens", "Only the worker process and the DocBin modules know spaCy"),
    ("ui/theme.py", "import annotator.formats.registry", "The window reaches files and pipelines through workflows"),
    ("ui/theme.py", "import annotator.store.values", "The window reaches files and pipelines through workflows"),
    ("ui/theme.py", "import annotator.nlp.pipelines", "The window reaches files and pipelines through workflows"),
    ("domain/text.py", "import orjson", "The domain is pure"),
    ("domain/edits.py", "import os", "The domain is pure"),
    ("newcomer.py", "import annotator.domain.text", "Layers import downwards only"),
]

# What the domain may know of the standard library: nothing that reads a file, a clock, a die or the system.
PURE = {
    "__future__", "abc", "array", "bisect", "collections", "dataclasses", "enum", "functools", "hashlib", "heapq",
    "itertools", "math", "operator", "re", "string", "types", "typing", "unicodedata",
}  # fmt: skip


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the copy in ``folder``."""
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(
        [*command, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package with its configuration."""
    shutil.copytree(ROOT / "annotator", tmp_path / "annotator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_package_keeps_its_layers(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("module", "planted", "contract"), PLANTED)
def test_a_planted_import_is_reported(copy: Path, module: str, planted: str, contract: str) -> None:
    path = copy / "annotator" / module
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{planted}\n")
    result = lint(copy)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout


def imports_outside(path: Path, allowed: set[str], own: str) -> set[str]:
    """What a module imports, at any depth, beside ``allowed`` and modules whose name begins with ``own``."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return {name for name in found if name.split(".")[0] not in allowed and not name.startswith(own)}


@pytest.mark.parametrize("path", sorted((ROOT / "annotator" / "domain").rglob("*.py")), ids=lambda path: path.stem)
def test_the_domain_imports_only_itself_and_the_pure_part_of_the_standard_library(path: Path) -> None:
    assert imports_outside(path, PURE, own="annotator.domain") == set()


def test_the_resources_module_imports_only_the_standard_library() -> None:
    allowed = set(sys.stdlib_module_names)
    assert imports_outside(ROOT / "annotator" / "resources.py", allowed, own="-") == set()


@pytest.mark.parametrize(
    "planted", ["import regex", "def f():\n    from datetime import datetime", "from . import text"]
)
def test_an_impure_import_is_seen(tmp_path: Path, planted: str) -> None:
    path = tmp_path / "planted.py"
    path.write_text(planted, encoding="utf-8")
    assert imports_outside(path, PURE, own="annotator.domain") != set()


IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(found.name)
print([name for name in sys.argv[2:] if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("package", "absent"),
    [
        ("annotator.workflows", ["PySide6", "shiboken6", "spacy", "thinc"]),
        ("annotator.ui", ["spacy", "thinc"]),
        ("annotator.domain", ["numpy", "orjson", "sqlalchemy", "PySide6", "spacy"]),
    ],
)
def test_importing_a_layer_leaves_heavy_libraries_out(package: str, absent: list[str]) -> None:
    command = [sys.executable, "-c", IMPORT_ALL, package, *absent]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert result.stdout.strip() == "[]"
