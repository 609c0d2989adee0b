"""The schema. Plain SQLAlchemy that PostgreSQL could run; what only SQLite knows stands in ``sqlite*.py``.

Offsets are code points. Every constraint has a name, so that a migration can change it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

SCHEMA_VERSION = "0005"
"""The newest revision in ``migrations/versions``."""


def dump_json(value: object) -> str:
    """A JSON value as text; integers of any size, halves of surrogate pairs escaped."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, separators=(",", ":"))


class JsonText(TypeDecorator[Any]):
    """A JSON value in a text column. ``{}`` and ``""`` are kept apart from NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To text."""
        return None if value is None else dump_json(dict(value) if isinstance(value, Mapping) else value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """From text."""
        return None if value is None else json.loads(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

scheme = Table(
    "scheme",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("body", JsonText, nullable=False),
    Column("created_at", Text, nullable=False),
)

annotator = Table(
    "annotator",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    UniqueConstraint("name"),
    CheckConstraint("kind IN ('human', 'pipeline')", name="kind_is_known"),
    CheckConstraint("name <> ''", name="name_is_given"),
)

document = Table(
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
    Column("meta", JsonText, nullable=False),
    Column("extra", JsonText, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("suggested_by", Integer, ForeignKey("annotator.id")),
    UniqueConstraint("external_id"),
    Index(None, "text_sha256"),
    Index(None, "position"),
)

tokenization = Table(
    "tokenization",
    metadata,
    Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("tokenizer", Text, nullable=False),
    Column("starts", LargeBinary, nullable=False),
    Column("ends", LargeBinary, nullable=False),
    Column("sentence_starts", LargeBinary, nullable=False),
)

_IS_NOTED = text("note <> ''")
"""A query finds what has a note by these indexes only if it says just this, without a bound value."""

annotation_set = Table(
    "annotation_set",
    metadata,
    Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("cats", JsonText, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("span_count", Integer, nullable=False),
    Column("undecided_count", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("status_reason", Text, nullable=False, server_default=""),
    Column("alternatives", JsonText),
    PrimaryKeyConstraint("document_id", "annotator_id"),
    CheckConstraint("status IN ('new', 'in progress', 'done', 'skipped', 'flagged')", name="status_is_known"),
    Index(None, "annotator_id", "status"),
    Index(None, "annotator_id", sqlite_where=_IS_NOTED, postgresql_where=_IS_NOTED),
)

_OF_SET = ("document_id", "annotator_id")
_SET_KEY = ("annotation_set.document_id", "annotation_set.annotator_id")
_IS_SCORED = text("score IS NOT NULL")

span = Table(
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
    Column("attributes", JsonText),
    Column("note", Text, nullable=False),
    Column("fragments", JsonText),
    Column("folded", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("document_id", "annotator_id", "span_id"),
    ForeignKeyConstraint(_OF_SET, _SET_KEY, ondelete="CASCADE"),
    CheckConstraint("start_char >= 0 AND end_char > start_char", name="is_a_range"),
    CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name="score_is_a_share"),
    CheckConstraint("origin IN ('human', 'pipeline', 'imported')", name="origin_is_known"),
    Index(None, "label_id"),
    Index(None, "surface"),
    Index(None, "folded"),
    Index(None, "document_id", "annotator_id", sqlite_where=_IS_NOTED, postgresql_where=_IS_NOTED),
    Index(None, "score", sqlite_where=_IS_SCORED, postgresql_where=_IS_SCORED),
)

relation = Table(
    "relation",
    metadata,
    Column("document_id", Integer, nullable=False),
    Column("annotator_id", Integer, nullable=False),
    Column("relation_id", Text, nullable=False),
    Column("head", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("label_id", Text, nullable=False),
    Column("attributes", JsonText),
    PrimaryKeyConstraint("document_id", "annotator_id", "relation_id"),
    ForeignKeyConstraint(_OF_SET, _SET_KEY, ondelete="CASCADE"),
    Index(None, "label_id"),
)

journal = Table(
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
    Column("view", JsonText, nullable=False),
    Column("operation_id", Integer),
    UniqueConstraint("document_id", "annotator_id", "seq"),
    ForeignKeyConstraint(_OF_SET, _SET_KEY),
    CheckConstraint("kind IN ('edit', 'undo', 'redo', 'suggest', 'import')", name="kind_is_known"),
    CheckConstraint("seq > 0", name="seq_counts_from_one"),
    Index(None, "at"),
    Index(None, "operation_id"),
)

operation = Table(
    "operation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("undoes", Integer),
    Column("scheme_before", Integer),
    Column("scheme_after", Integer),
    CheckConstraint("kind IN ('edit', 'undo', 'redo')", name="kind_is_known"),
)

guideline = Table(
    "guideline",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("created_at", Text, nullable=False),
)

pin = Table(
    "pin",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("span_id", Text, nullable=False),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("surface", Text, nullable=False),
    Column("label_id", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("is_positive", Boolean(create_constraint=False), nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Index(None, "label_id"),
    Index(None, "document_id"),
)

dismissal = Table(
    "dismissal",
    metadata,
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("entry", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    PrimaryKeyConstraint("annotator_id", "entry"),
    CheckConstraint("entry <> ''", name="entry_is_given"),
)

project_fact = Table("project_fact", metadata, Column("name", Text, primary_key=True), Column("value", JsonText))

assignment = Table(
    "assignment",
    metadata,
    Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("annotator_id", Integer, ForeignKey("annotator.id", ondelete="CASCADE"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("document_id", "annotator_id"),
    Index(None, "annotator_id"),
)

handout = Table(
    "handout",
    metadata,
    Column("id", Text, primary_key=True),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("documents", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("collected_at", Text),
    Index(None, "annotator_id"),
)

ruling = Table(
    "ruling",
    metadata,
    Column("document_id", Integer, nullable=False),
    Column("annotator_id", Integer, nullable=False),
    Column("ruling_id", Text, nullable=False),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("taken_from", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("seen", JsonText, nullable=False),
    PrimaryKeyConstraint("document_id", "annotator_id", "ruling_id"),
    ForeignKeyConstraint(_OF_SET, _SET_KEY, ondelete="CASCADE"),
    CheckConstraint("start_char >= 0 AND end_char >= start_char", name="is_a_range"),
    CheckConstraint("outcome IN ('taken', 'majority', 'union', 'none', 'edited')", name="outcome_is_known"),
)
"""What an adjudicator decided about a place of the set that is gold: from whom, and what everybody said then."""

planted = Table(
    "planted",
    metadata,
    Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
    Column("span_id", Text, nullable=False),
    Column("body", JsonText, nullable=False),
    Column("at", Text, nullable=False),
    Column("restored_at", Text),
    Column("outcome", Text),
    PrimaryKeyConstraint("document_id", "annotator_id", "span_id"),
)
"""Wrong suggestions put in on purpose. ``annotator_id``: who is tried; the set need not have been begun."""
