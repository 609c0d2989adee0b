"""Exports that were made before, as their manifests tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class PastExport:
    """One export. ``is_proved``: it came back as it was written, False: not, None: that was not tried."""

    manifest: Path
    created: str
    project: str
    format: str
    documents: int
    spans: int
    left_out: int
    files: tuple[str, ...]
    is_proved: bool | None

    @property
    def files_in_words(self) -> str:
        """The first file, and how many more."""
        more = len(self.files) - 1
        return f"{self.files[0] if self.files else ''}{f' and {more:,} more' if more > 0 else ''}"

    @property
    def in_words(self) -> str:
        """Counts, what was left out, and the proof."""
        proof = {True: "read back and the same", False: "read back and NOT the same", None: "not read back"}
        return (
            f"{self.project}: {self.documents:,} documents, {self.spans:,} spans; {self.left_out:,} left out; "
            f"{proof[self.is_proved]}. {self.manifest.parent}"
        )


def find_past_exports(manifests: Iterable[Path]) -> list[PastExport]:
    """Those whose manifest is still there and can be read, in the order given."""
    found = []
    for path in manifests:
        try:
            plain = orjson.loads(path.read_bytes())
            found.append(_from_plain(path, plain))
        except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            continue  # somebody moved or changed it: it is no export that could be shown
    return found


def _from_plain(path: Path, plain: dict[str, object]) -> PastExport:
    proof = plain.get("proof")
    is_tried = isinstance(proof, dict) and bool(proof) and not proof.get("unproved_because")
    files, left_out = plain["files"], plain["left_out"]
    if not isinstance(files, list) or not isinstance(left_out, list):
        raise TypeError(path)
    return PastExport(
        manifest=path,
        created=str(plain["created"]),
        project=str(plain["project"]),
        format=str(plain["format"]),
        documents=int(str(plain["documents"])),
        spans=int(str(plain["spans"])),
        left_out=len(left_out),
        files=tuple(str(one["name"]) for one in files),
        is_proved=bool(proof["is_proved"]) if is_tried and isinstance(proof, dict) else None,
    )
