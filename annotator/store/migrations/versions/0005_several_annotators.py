"""Facts of the project, assignments, hand-outs, rulings of an adjudicator, and planted errors."""

from __future__ import annotations

import json
from uuid import uuid4

from alembic import op
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

revision = "0005"
down_revision = "0004"

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    """Add the tables, and give the project an id of its own."""
    metadata = MetaData(naming_convention=_CONVENTION)
    Table("annotator", metadata, Column("id", Integer, primary_key=True))
    Table("document", metadata, Column("id", Integer, primary_key=True))
    Table(
        "annotation_set",
        metadata,
        Column("document_id", Integer, primary_key=True),
        Column("annotator_id", Integer, primary_key=True),
    )
    for table in (*_tables_of_teams(metadata), *_tables_of_review(metadata)):
        table.create(op.get_bind())
    insert = text("INSERT INTO project_fact (name, value) VALUES ('project_id', :value)")
    op.get_bind().execute(insert, {"value": json.dumps(str(uuid4()))})


def _tables_of_teams(metadata: MetaData) -> list[Table]:
    fact = Table("project_fact", metadata, Column("name", Text, primary_key=True), Column("value", Text))
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
    return [fact, assignment, handout]


def _tables_of_review(metadata: MetaData) -> list[Table]:
    ruling = Table(
        "ruling",
        metadata,
        Column("document_id", Integer, nullable=False),
        Column("annotator_id", Integer, nullable=False),
        Column("ruling_id", Text, nullable=False),
        Column("start_char", Integer, nullable=False),
        Column("end_char", Integer, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("taken_from", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("decided_by", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("seen", Text, nullable=False),
        PrimaryKeyConstraint("document_id", "annotator_id", "ruling_id"),
        ForeignKeyConstraint(
            ("document_id", "annotator_id"),
            ("annotation_set.document_id", "annotation_set.annotator_id"),
            ondelete="CASCADE",
        ),
        CheckConstraint("start_char >= 0 AND end_char >= start_char", name="is_a_range"),
        CheckConstraint("outcome IN ('taken', 'majority', 'union', 'none', 'edited')", name="outcome_is_known"),
    )
    planted = Table(
        "planted",
        metadata,
        Column("document_id", Integer, ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
        Column("annotator_id", Integer, ForeignKey("annotator.id"), nullable=False),
        Column("span_id", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("restored_at", Text),
        Column("outcome", Text),
        PrimaryKeyConstraint("document_id", "annotator_id", "span_id"),
    )
    return [ruling, planted]
