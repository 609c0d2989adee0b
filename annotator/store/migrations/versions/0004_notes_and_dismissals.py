"""Indexes for notes and scores, dismissed inconsistencies, and folded strings in which all apostrophes are alike."""

from __future__ import annotations

import json
from typing import Any

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, MetaData, PrimaryKeyConstraint, Table, Text, text

from annotator.domain.folding import fold

revision = "0004"
down_revision = "0003"

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_IN_ONE_PART = text("SELECT DISTINCT surface, folded FROM span WHERE fragments IS NULL")
_FOLD_ALIKE = text("UPDATE span SET folded = :folded WHERE surface = :surface AND fragments IS NULL")
_IN_PARTS = text(
    "SELECT span.document_id, span.annotator_id, span.span_id, span.fragments, span.folded, document.text "
    "FROM span JOIN document ON document.id = span.document_id WHERE span.fragments IS NOT NULL"
)
_FOLD_ONE = text(
    "UPDATE span SET folded = :folded "
    "WHERE document_id = :document_id AND annotator_id = :annotator_id AND span_id = :span_id"
)


def upgrade() -> None:
    """Fold the strings anew, then add the indexes and the table."""
    _fold_spans()
    noted = text("note <> ''")
    op.create_index("ix_span_document_id_annotator_id", "span", ["document_id", "annotator_id"], sqlite_where=noted)
    op.create_index("ix_annotation_set_annotator_id", "annotation_set", ["annotator_id"], sqlite_where=noted)
    op.create_index("ix_span_score", "span", ["score"], sqlite_where=text("score IS NOT NULL"))
    _make_table()


def _fold_spans() -> None:
    """A span in several parts is folded by the words of its parts, which its surface does not tell."""
    connection = op.get_bind()
    changed: list[dict[str, Any]] = [
        {"surface": row.surface, "folded": folded}
        for row in connection.execute(_IN_ONE_PART)
        if (folded := fold(row.surface)) != row.folded
    ]
    if changed:
        connection.execute(_FOLD_ALIKE, changed)
    changed = [
        {"folded": folded, "document_id": row.document_id, "annotator_id": row.annotator_id, "span_id": row.span_id}
        for row in connection.execute(_IN_PARTS)
        if (folded := fold(" ".join(row.text[start:end] for start, end in json.loads(row.fragments)))) != row.folded
    ]
    if changed:
        connection.execute(_FOLD_ONE, changed)


def _make_table() -> None:
    metadata = MetaData(naming_convention=_CONVENTION)
    Table("annotator", metadata, Column("id", Integer, primary_key=True))
    dismissal = Table(
        "dismissal",
        metadata,
        Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
        Column("entry", Text, nullable=False),
        Column("created_at", Text, nullable=False),
        PrimaryKeyConstraint("annotator_id", "entry"),
        CheckConstraint("entry <> ''", name="entry_is_given"),
    )
    dismissal.create(op.get_bind())
