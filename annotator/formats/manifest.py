"""The manifest of an export: what was written, from what, and what was left out. Same input, same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_plain import scheme_to_plain
from annotator.formats.shapes import Loss, LossKind, WriteOptions

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file of the export: its name in the folder, its size and its SHA-256."""

    name: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path, name: str) -> ManifestFile:
        """The file now at ``path`` that is going to be called ``name``."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
        return cls(name, size, digest.hexdigest())


def scheme_sha256(scheme: LabelScheme) -> str:
    """A fingerprint of everything in the scheme: names, keys, hues, descriptions, order."""
    return hashlib.sha256(orjson.dumps(scheme_to_plain(scheme))).hexdigest()


def build_manifest(
    *,
    tool_version: str,
    project: str,
    format_name: str,
    options: WriteOptions,
    scheme: LabelScheme,
    annotators: Sequence[str],
    statuses: Sequence[str],
    documents: int,
    spans: int,
    by_label: Mapping[str, int],
    files: Sequence[ManifestFile],
    loses: Sequence[str],
    left_out: Sequence[Loss],
    texts: Mapping[str, str],
    tokenizers: Mapping[str, int] | None = None,
    proof: Mapping[str, Any] | None = None,
    created: str | None = None,
) -> bytes:
    """The manifest as JSON. ``texts``: SHA-256 of the text by document id. ``created`` may be left out."""
    manifest: dict[str, Any] = {
        "tool": "annotator",
        "version": tool_version,
        "created": created,
        "project": project,
        "format": format_name,
        "options": asdict(options),
        "scheme": {"name": scheme.name, "sha256": scheme_sha256(scheme)},
        "annotators": list(annotators),
        "statuses": list(statuses),
        "documents": documents,
        "spans": spans,
        "by_label": dict(sorted(by_label.items())),
        "tokenizers": dict(sorted((tokenizers or {}).items())),
        "files": [asdict(file) for file in files],
        "loses": list(loses),
        "proof": dict(proof or {}),
        "left_out": [loss_to_plain(loss) for loss in left_out],
        "texts": [{"document": name, "sha256": digest} for name, digest in texts.items()],
    }
    if created is None:
        del manifest["created"]
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def loss_to_plain(loss: Loss) -> dict[str, Any]:
    """Spans have just these keys; of anything else it is said what it is, and of an attribute which."""
    plain: dict[str, Any] = {
        "document": loss.document_id,
        "start": loss.start,
        "end": loss.end,
        "label": loss.label,
        "reason": loss.reason,
    }
    if loss.kind is not LossKind.SPAN:
        plain["kind"] = loss.kind.value
    if loss.name:
        plain["name"] = loss.name
    return plain
