"""What may stand in the tree: no address of a package registry, no path of somebody's machine, known folders."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# In pieces, so that this file does not contain them.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "deb.deb" + "ian.org",
    "security.deb" + "ian.org",
    "archive.ubu" + "ntu.com",
    "ana" + "conda.org",
    "crates" + ".io",
    "releases/" + "download/",
]
MACHINE_PATHS = ["/wo" + "rk/", "/opt/" + "dev", "/ro" + "ot/"]
FOLDERS = {"annotator", "resources", "exports", "tests", "seeds", ".ci"}


def committed_files() -> list[Path]:
    """Files that git tracks and that are there."""
    # A checkout that somebody else owns (a container's) is as good.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode != 0 or not found.stdout:
        pytest.fail("these checks need the git checkout")
    return [ROOT / name for name in found.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_file_names_a_registry_or_a_path_of_this_machine() -> None:
    needles = [needle.encode() for needle in (*REGISTRIES, *MACHINE_PATHS)]
    contents = {path: path.read_bytes() for path in committed_files()}
    found = [(path.name, needle) for path, content in contents.items() for needle in needles if needle in content]
    assert found == []


def test_there_are_only_the_agreed_folders() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in committed_files() if len(path.relative_to(ROOT).parts) > 1}
    assert folders <= FOLDERS


def test_no_module_is_named_for_nothing() -> None:
    names = {path.stem for path in (ROOT / "annotator").rglob("*.py")}
    assert names.isdisjoint({"utils", "util", "helpers", "common", "misc", "base", "manager"})


def test_only_two_modules_speak_sqlite() -> None:
    words = ("PRAGMA", "fts5", "BEGIN IMMEDIATE", "RAISE(ABORT", "sqlite_errorname")
    speaking = {
        path.name
        for path in (ROOT / "annotator" / "store").glob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert speaking == {"sqlite.py", "sqlite_search.py"}
