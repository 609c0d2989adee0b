"""The wheel carries its resources and sample articles, and finds them when it is installed elsewhere."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from annotator.resources import resource_path, seeds_path

ROOT = Path(__file__).resolve().parents[2]
FIND = (
    "import annotator.resources as r; from pathlib import Path; import annotator; "
    "assert Path(annotator.__file__).is_relative_to(Path.cwd() / 'installed'); "
    "print(r.resource_path('schemes', 'news.toml').is_file(), r.seeds_path('sources.toml').is_file())"
)


def test_a_checkout_finds_its_resources() -> None:
    assert resource_path("schemes", "news.toml").is_file()
    assert seeds_path("sources.toml").is_file()


def test_an_installed_wheel_finds_its_resources(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
        entry_points = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "annotator = annotator.cli:main" in archive.read(entry_points).decode()
    found = subprocess.run(
        [sys.executable, "-c", FIND],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert found.stdout.split() == ["True", "True"]
