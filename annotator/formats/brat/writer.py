"""Writes brat standoff: for each document a text and its annotations, and the configuration that brat needs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.brat import LOSES
from annotator.formats.brat.configuration_writing import Seen, annotation_conf, visual_conf
from annotator.formats.brat.files import DRAWING_FILE, LABELS_FILE, TEXT
from annotator.formats.brat.unbuilding import Unbuilt
from annotator.formats.folder_names import FileNames
from annotator.formats.shapes import Holds, Loss, WriteOptions

MARK = "\ufeff"


class BratWriter:
    """Writes ``ID.txt`` and ``ID.ann``, annotation.conf and visual.conf. Texts are UTF-8, exactly as they are."""

    name = "brat"
    extension = ".ann"
    loses: tuple[str, ...] = LOSES
    holds = Holds(
        overlaps=True, sub_tokens=True, fragments=True, attributes=True, notes=True, relations=True,
        relation_attributes=True, document_note=True,
    )  # fmt: skip

    def losses(self, doc: AnnotatedDocument, scheme: LabelScheme, options: WriteOptions) -> list[Loss]:  # noqa: ARG002
        """Attributes that are neither flags nor texts, and notes with strange line breaks."""
        return Unbuilt(doc, scheme).losses

    def write_folder(
        self,
        docs: Iterable[AnnotatedDocument],
        folder: Path,
        scheme: LabelScheme,
        options: WriteOptions,  # noqa: ARG002
    ) -> None:
        """Two files a document, named by its id; ids with slashes make folders."""
        names, seen = FileNames(), Seen()
        for doc in docs:
            path = folder / names.name_for(doc.document.id)
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = Unbuilt(doc, scheme, seen).lines
            _write(path.with_name(path.name + TEXT), doc.document.text)
            _write(path.with_name(path.name + self.extension), "".join(f"{line}\n" for line in lines))
        _write(folder / LABELS_FILE, annotation_conf(scheme, seen))
        _write(folder / DRAWING_FILE, visual_conf(scheme))


def _write(path: Path, text: str) -> None:
    """A text that begins with a byte-order mark gets another one before it, because readers take one away."""
    path.write_bytes((MARK + text if text.startswith(MARK) else text).encode("utf-8", "surrogatepass"))
