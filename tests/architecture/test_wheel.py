"""The wheel carries its resources and sample articles, and works when it is installed elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from annotator.resources import resource_path, seeds_path

ROOT = Path(__file__).resolve().parents[2]
WHERE = "import annotator, annotator.resources as r; print(annotator.__file__, r.resource_path(), r.seeds_path())"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh virtual environment with the wheel in it and nothing else."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(home), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True, timeout=120)
    return home / SCRIPTS


def run(*command: str | Path, cwd: Path) -> str:
    """What a command of the fresh environment says, with only the libraries of this one at hand."""
    env = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    return subprocess.run(
        list(command), cwd=cwd, env=env, capture_output=True, text=True, check=True, timeout=120
    ).stdout


def test_a_checkout_finds_its_resources() -> None:
    assert resource_path("schemes", "news.toml").is_file()
    assert seeds_path("sources.toml").is_file()


def test_a_wheel_holds_every_shipped_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for folder, inside in (("resources", "annotator/_resources"), ("seeds", "annotator/_seeds")):
        shipped = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"{inside}/{path.as_posix()}" for path in shipped} <= held
    assert "annotator/py.typed" in held
    assert "annotator/store/migrations/env.py" in held
    assert not [name for name in held if name.startswith(("tests/", "annotator/tests/"))]


def test_an_installed_wheel_finds_its_resources_inside_itself(installed: Path, tmp_path: Path) -> None:
    found = run(installed / "python", "-c", WHERE, cwd=tmp_path).split()
    package = Path(found[0]).parent
    assert package.is_relative_to(installed.parent)
    assert [Path(path) for path in found[1:]] == [package / "_resources", package / "_seeds"]
    assert (package / "_seeds" / "sources.toml").is_file()


def test_the_installed_command_makes_a_project_with_a_shipped_scheme(installed: Path, tmp_path: Path) -> None:
    assert "annotator" in run(installed / "annotator", "--version", cwd=tmp_path)
    run(installed / "annotator", "new", "made.annotator", "--scheme", "conll", cwd=tmp_path)
    assert (tmp_path / "made.annotator").is_file()
