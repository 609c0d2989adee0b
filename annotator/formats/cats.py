"""Document labels for formats in which a label is given or not. Pure."""

from __future__ import annotations

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument
from annotator.formats.shapes import Loss, LossKind

NO_VALUE = "a label is given there or not, without a value"


def losses_of_values(doc: AnnotatedDocument, scheme: LabelScheme) -> list[Loss]:
    """The document labels with another value than 1."""
    names = {one.id: one.name for one in scheme.document_labels}
    kind, length = LossKind.DOCUMENT_LABEL, len(doc.document.text)
    return [
        Loss(doc.document.id, 0, length, names.get(label, label), NO_VALUE, kind, label)
        for label, value in doc.cats.items()
        if value != 1
    ]
