"""Check a project for faults, and mend what can be mended after a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from annotator.store import Problem
from annotator.workflows import clock
from annotator.workflows.project import Project


def check_project(location: str) -> list[Problem]:
    """Everything that is wrong with the project at ``location``."""
    with Project.open(location, read_only=True) as project:
        return project.check()


def repair_project(location: str, problems: list[Problem], say: Callable[[str], None]) -> list[Problem]:
    """Back the project up beside itself, mend what can be mended, and return what is left."""
    backup = Path(f"{location}.before-repair-{clock.now().replace(':', '')}")
    with Project.open(location) as project:
        project.back_up(backup)
        say(f"Backed up to {backup}")
        for line in project.repair(problems):
            say(line)
        return project.check()
