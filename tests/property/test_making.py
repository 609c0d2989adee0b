"""A set made in one go is what its edits, applied one by one, would make; and so is the way back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from annotator.domain.edits import apply
from annotator.domain.making import check_makeable, edit_that_makes, edit_that_unmakes
from annotator.domain.projects import AnnotatedDocument
from tests.strategies import annotated_documents


@given(annotated_documents())
def test_making_is_applying(doc: AnnotatedDocument) -> None:
    check_makeable(doc)
    bare = AnnotatedDocument(doc.document, doc.annotator)
    applied = apply(bare, edit_that_makes(doc))
    assert applied.inverse == edit_that_unmakes(doc)
    assert applied.doc.spans == doc.spans and dict(applied.doc.relations) == dict(doc.relations)
    assert apply(applied.doc, applied.inverse).doc == bare
    assert replace(applied.doc, status_reason=doc.status_reason, cats=dict(doc.cats)) == replace(
        doc, relations=dict(doc.relations), cats=dict(doc.cats)
    )
