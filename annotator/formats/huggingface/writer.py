"""Writes the folder: ``data/train-00000-of-00001.parquet`` (and validation, test) and the card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.huggingface import LOSSES
from annotator.formats.huggingface.card import Facts, card
from annotator.formats.huggingface.features import arrow_schema, features_of
from annotator.formats.huggingface.rows import row_of
from annotator.formats.huggingface.tags import EDGES, OUTSIDE
from annotator.formats.shapes import Holds, Loss, WriteOptions
from annotator.formats.spooling import Spool

ROWS = 500
"""Rows of a row group."""
_PARTS = {"train": "train", "dev": "validation", "test": "test"}


class HuggingFaceWriter:
    """Writes everything. Without a split all documents are in ``train``."""

    name = "huggingface"
    extension = ".parquet"
    loses: tuple[str, ...] = LOSSES
    holds = Holds.everything()

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """None."""
        return []

    def write_folder(
        self, docs: Iterable[AnnotatedDocument], folder: Path, scheme: LabelScheme, options: WriteOptions
    ) -> None:
        """Write the folder; the documents are put by first, since the names of all tags stand before the first row."""
        found = _Found()
        with Spool() as spool:
            for doc in docs:
                found.add(doc, scheme)
                spool.add(doc)
            names = tag_names(scheme, found.labels, options)
            features = features_of(names)
            parts = {part: numbers for part, numbers in spool.parts(options).items() if numbers or part == "train"}
            (folder / "data").mkdir()
            for part, numbers in parts.items():
                path = folder / "data" / f"{_PARTS[part]}-00000-of-00001.parquet"
                _write(path, spool.documents(numbers), scheme, options, names, arrow_schema(features))
        sizes = {_PARTS[part]: len(numbers) for part, numbers in parts.items()}
        facts = Facts(sizes, sorted(found.languages), has_spans=found.has_spans, has_cats=found.has_cats)
        (folder / "README.md").write_text(card(facts, features), encoding="utf-8", newline="\n")


class _Found:
    """What is in the documents."""

    def __init__(self) -> None:
        self.labels: set[str] = set()
        self.languages: set[str] = set()
        self.has_spans = self.has_cats = False

    def add(self, doc: AnnotatedDocument, scheme: LabelScheme) -> None:
        self.labels |= {scheme.name_of(span.label, span.layer) for span in doc.spans}
        if language := doc.document.language or scheme.language:
            self.languages.add(language)
        self.has_spans = self.has_spans or len(doc.spans) > 0
        self.has_cats = self.has_cats or bool(doc.cats)


def tag_names(scheme: LabelScheme, found: Iterable[str], options: WriteOptions) -> list[str]:
    """``O`` and the tags of every label: those of the scheme in its order, then others that were found, by name."""
    labels = dict.fromkeys(label.name for _, label in scheme.labels) | dict.fromkeys(sorted(found))
    return [OUTSIDE, *(f"{edge}-{label}" for label in labels for edge in EDGES[options.tag_scheme])]


def _write(
    path: Path,
    docs: Iterable[AnnotatedDocument],
    scheme: LabelScheme,
    options: WriteOptions,
    names: Sequence[str],
    schema: pa.Schema,
) -> None:
    ids: Mapping[str, int] = {name: number for number, name in enumerate(names)}
    with pq.ParquetWriter(path, schema) as writer:
        rows = []
        for doc in docs:
            rows.append(row_of(doc, scheme, options, ids))
            if len(rows) >= ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))
