"""Documents put by on the disk, for writers that must know something of all of them before they write the first.

This is how a folder format writes parts for training::

    with Spool(docs) as spool:
        for part, numbers in spool.parts(options).items():
            write(folder / part, spool.documents(numbers))
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType

import orjson

from annotator.domain.projects import AnnotatedDocument
from annotator.formats.jsonl.record_reading import record_from_plain
from annotator.formats.jsonl.record_writing import record_to_plain
from annotator.formats.shapes import ReadOptions, WriteOptions
from annotator.formats.splitting import PARTS, Stories

_BUFFER = 1024 * 1024


class Spool:
    """Documents in a temporary file, with label ids as they are. Only where each begins is held in memory."""

    def __init__(self, docs: Iterable[AnnotatedDocument] = ()) -> None:
        self._file = tempfile.TemporaryFile(buffering=_BUFFER)  # noqa: SIM115  # closed in __exit__
        self._starts: list[int] = []
        self._length = 0
        for doc in docs:
            self.add(doc)

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, doc: AnnotatedDocument) -> None:
        """Put one more document by."""
        plain = record_to_plain(doc)
        plain["spool_meta"] = [dict(doc.document.meta), dict(doc.document.extra)]
        self._starts.append(self._length)
        self._length += self._file.write(orjson.dumps(plain) + b"\n")

    def documents(self, numbers: Iterable[int] | None = None) -> Iterator[AnnotatedDocument]:
        """The documents with these numbers (all), as they were."""
        for number in range(len(self)) if numbers is None else numbers:
            self._file.seek(self._starts[number])
            plain = orjson.loads(self._file.readline())
            meta, extra = plain.pop("spool_meta")
            doc = record_from_plain(plain, ReadOptions())
            yield replace(doc, document=replace(doc.document, meta=meta, extra=extra))

    def parts(self, options: WriteOptions, default: tuple[float, float, float] | None = None) -> dict[str, list[int]]:
        """The numbers of the documents by part, as the options or ``default`` say; without either all are "train"."""
        shares = options.split or default
        if shares is None:
            return {PARTS[0]: list(range(len(self)))}
        stories = Stories()
        for doc in self.documents():
            stories.add(doc.document.text)
        return stories.split(shares, options.seed)
