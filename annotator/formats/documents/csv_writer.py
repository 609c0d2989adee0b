"""CSV for spreadsheets: one row a document and annotator, with spans and values as JSON in their cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO, cast

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.documents import CSV_LOSES
from annotator.formats.documents.columns import OWN
from annotator.formats.documents.own_rows import row_of
from annotator.formats.shapes import Holds, Loss, WriteOptions


class CsvWriter:
    """Writes everything but tokens, in UTF-8 with a mark, which Excel needs to see that it is UTF-8."""

    name = "csv"
    extension = ".csv"
    loses = CSV_LOSES
    holds = Holds(
        "exact", layers=True, overlaps=True, sub_tokens=True, fragments=True, attributes=True, notes=True, scores=True,
        relations=True, relation_attributes=True, cats=True, document_note=True, status=True, annotators=True,
        undecided=True, meta=True,
    )  # fmt: skip

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """None."""
        return []

    def write(
        self,
        docs: Iterable[AnnotatedDocument],
        target: BinaryIO,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """A row of names, then a row a document."""
        text = io.TextIOWrapper(cast(BinaryIO, _KeptOpen(target)), "utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(OWN)
        writer.writerows(row_of(doc, scheme) for doc in docs)
        text.flush()
        text.detach()


class _KeptOpen(io.RawIOBase):
    """The target, written to and not closed."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        return self._target.write(bytes(cast(bytes, content)))
