"""The first schema: schemes, annotators, documents, tokens, sets, spans, relations, the journal, search."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, Float, ForeignKey, ForeignKeyConstraint, Index, Integer
from sqlalchemy import LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from annotator.store import sqlite, sqlite_search

revision = "0001"
down_revision = None

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_OF_SET = ("document_id", "annotator_id")
_SET_KEY = ("annotation_set.document_id", "annotation_set.annotator_id")


def upgrade() -> None:
    """Make everything."""
    metadata = MetaData(naming_convention=_CONVENTION)
    Table(
        "scheme",
        metadata,
        Column("version", Integer, primary_key=True),
        Column("body", Text, nullable=False),
        Column("created_at", Text, nullable=False),
    )

    Table(
        "annotator",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        UniqueConstraint("name"),
        CheckConstraint("kind IN ('human', 'pipeline')", name="kind_is_known"),
        CheckConstraint("name <> ''", name="name_is_given"),
    )

    Table(
        "document",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("external_id", Text, nullable=False),
        Column("position", Integer, nullable=False),
        Column("title", Text, nullable=False),
        Column("display_title", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("text_sha256", Text, nullable=False),
        Column("length_chars", Integer, nullable=False),
        Column("meta", Text, nullable=False),
        Column("extra", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("created_at", Text, nullable=False),
        Column("suggested_by", Integer, ForeignKey("annotator.id")),
        UniqueConstraint("external_id"),
        Index(None, "text_sha256"),
        Index(None, "position"),
    )

    Table(
        "tokenization",
        metadata,
        Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
        Column("tokenizer", Text, nullable=False),
        Column("starts", LargeBinary, nullable=False),
        Column("ends", LargeBinary, nullable=False),
        Column("sentence_starts", LargeBinary, nullable=False),
    )

    Table(
        "annotation_set",
        metadata,
        Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
        Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
        Column("status", Text, nullable=False),
        Column("note", Text, nullable=False),
        Column("cats", Text, nullable=False),
        Column("pipeline", Text, nullable=False),
        Column("span_count", Integer, nullable=False),
        Column("undecided_count", Integer, nullable=False),
        Column("last_seq", Integer, nullable=False),
        Column("updated_at", Text, nullable=False),
        PrimaryKeyConstraint("document_id", "annotator_id"),
        CheckConstraint(
            "status IN ('new', 'in progress', 'done', 'skipped', 'flagged')", name="status_is_known"
        ),
        Index(None, "annotator_id", "status"),
    )

    Table(
        "span",
        metadata,
        Column("document_id", Integer, nullable=False),
        Column("annotator_id", Integer, nullable=False),
        Column("span_id", Text, nullable=False),
        Column("start_char", Integer, nullable=False),
        Column("end_char", Integer, nullable=False),
        Column("label_id", Text, nullable=False),
        Column("layer", Text, nullable=False),
        Column("surface", Text, nullable=False),
        Column("origin", Text, nullable=False),
        Column("is_decided", Boolean(create_constraint=False), nullable=False),
        Column("score", Float),
        Column("pipeline", Text, nullable=False),
        Column("attributes", Text),
        Column("note", Text, nullable=False),
        PrimaryKeyConstraint("document_id", "annotator_id", "span_id"),
        ForeignKeyConstraint(_OF_SET, _SET_KEY, ondelete="CASCADE"),
        CheckConstraint("start_char >= 0 AND end_char > start_char", name="is_a_range"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name="score_is_a_share"),
        CheckConstraint("origin IN ('human', 'pipeline', 'imported')", name="origin_is_known"),
        Index(None, "label_id"),
        Index(None, "surface"),
    )

    Table(
        "relation",
        metadata,
        Column("document_id", Integer, nullable=False),
        Column("annotator_id", Integer, nullable=False),
        Column("relation_id", Text, nullable=False),
        Column("head", Text, nullable=False),
        Column("child", Text, nullable=False),
        Column("label_id", Text, nullable=False),
        Column("attributes", Text),
        PrimaryKeyConstraint("document_id", "annotator_id", "relation_id"),
        ForeignKeyConstraint(_OF_SET, _SET_KEY, ondelete="CASCADE"),
    )

    Table(
        "journal",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("document_id", Integer, nullable=False),
        Column("annotator_id", Integer, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("undoes", Integer),
        Column("edit", Text, nullable=False),
        Column("inverse", Text, nullable=False),
        Column("view", Text, nullable=False),
        UniqueConstraint("document_id", "annotator_id", "seq"),
        ForeignKeyConstraint(_OF_SET, _SET_KEY),
        CheckConstraint("kind IN ('edit', 'undo', 'redo', 'suggest', 'import')", name="kind_is_known"),
        CheckConstraint("seq > 0", name="seq_counts_from_one"),
    )
    connection = op.get_bind()
    metadata.create_all(connection)
    sqlite.add_append_only_triggers(connection)
    sqlite_search.add_search_index(connection)
