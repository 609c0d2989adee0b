"""Files and folders that appear whole or not at all: written beside their target, synced, renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Staged:
    """Something written, not yet at its place."""

    temporary: Path
    target: Path

    def put_in_place(self) -> None:
        """Rename it to its target. A folder that stands there goes away when the new one is there."""
        if not self.target.is_dir():
            self.temporary.replace(self.target)
            return
        old = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.old.", dir=self.target.parent))
        self.target.rename(old / self.target.name)
        self.temporary.replace(self.target)
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Remove what was written, if it is still there."""
        if self.temporary.is_dir():
            shutil.rmtree(self.temporary, ignore_errors=True)
        with suppress(OSError):
            self.temporary.unlink(missing_ok=True)

    def files(self) -> list[tuple[Path, str]]:
        """Every file as it lies now, with the name it is going to have from the target's folder on."""
        if not self.temporary.is_dir():
            return [(self.temporary, self.target.name)]
        inside = sorted(path for path in self.temporary.rglob("*") if path.is_file())
        return [(path, f"{self.target.name}/{path.relative_to(self.temporary).as_posix()}") for path in inside]


def stage_file(target: Path, write: Callable[[BinaryIO], None]) -> Staged:
    """Write a file beside its target and sync it."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    staged = Staged(Path(name), target)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        staged.temporary.chmod(0o666 & ~_umask())
    except BaseException:
        staged.discard()
        raise
    return staged


def stage_folder(target: Path, write: Callable[[Path], None]) -> Staged:
    """Write a folder beside its target and sync what is in it."""
    staged = Staged(Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent)), target)
    try:
        write(staged.temporary)
        for path, _ in staged.files():
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.chmod(0o666 & ~_umask())
        staged.temporary.chmod(0o777 & ~_umask())
    except BaseException:
        staged.discard()
        raise
    return staged


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
