"""Writes folders of CAS files: a document a file, for XMI with the type system of them all beside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.jsonl import with_names
from annotator.formats.shapes import Holds, Loss, WriteOptions
from annotator.formats.uima import LOSES, declaring
from annotator.formats.uima.building import cas_of
from annotator.formats.uima.names import file_name_maker, in_json, in_xml

TYPE_SYSTEM_FILE = "TypeSystem.xml"


class _CasWriter:
    """What both have in common: everything is held."""

    loses: tuple[str, ...] = LOSES
    holds = Holds.everything()

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """None."""
        return []


class XmiWriter(_CasWriter):
    """Writes XMI and ``TypeSystem.xml``."""

    name = "xmi"
    extension = ".xmi"

    def write_folder(
        self,
        docs: Iterable[AnnotatedDocument],
        folder: Path,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """A file for each document, called by its id."""
        whole = declaring.base()
        name_of = file_name_maker()
        for doc in docs:
            cas, needed = cas_of(with_names(doc, scheme), in_xml)
            declaring.merge(whole, needed)
            (folder / f"{name_of(doc.document.id, doc.annotator)}.xmi").write_bytes(cas.to_xmi().encode())
        (folder / TYPE_SYSTEM_FILE).write_bytes(declaring.as_xml(whole))


class CasJsonWriter(_CasWriter):
    """Writes UIMA's JSON; each file has its types in itself."""

    name = "cas-json"
    extension = ".json"

    def write_folder(
        self,
        docs: Iterable[AnnotatedDocument],
        folder: Path,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """A file for each document, called by its id."""
        name_of = file_name_maker()
        for doc in docs:
            cas, _ = cas_of(with_names(doc, scheme), in_json)
            (folder / f"{name_of(doc.document.id, doc.annotator)}.json").write_bytes(cas.to_json().encode())
