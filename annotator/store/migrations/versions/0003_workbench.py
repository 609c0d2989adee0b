"""Discontinuous spans, the folded string of each span, reasons of a status, lost alternatives, operations over many
documents, guidelines and pinned examples.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text

from annotator.domain.folding import fold

revision = "0003"
down_revision = "0002"

_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    """Add the columns, the tables, and the folded string of the spans that are there."""
    op.execute("ALTER TABLE annotation_set ADD COLUMN status_reason TEXT DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE annotation_set ADD COLUMN alternatives TEXT")
    op.execute("ALTER TABLE span ADD COLUMN fragments TEXT")
    op.execute("ALTER TABLE span ADD COLUMN folded TEXT DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE journal ADD COLUMN operation_id INTEGER")
    _fold_spans()
    op.create_index("ix_span_folded", "span", ["folded"])
    op.create_index("ix_journal_operation_id", "journal", ["operation_id"])
    _make_tables()


def _fold_spans() -> None:
    connection = op.get_bind()
    surfaces = connection.execute(text("SELECT DISTINCT surface FROM span")).scalars().all()
    if surfaces:
        connection.execute(
            text("UPDATE span SET folded = :folded WHERE surface = :surface"),
            [{"folded": fold(surface), "surface": surface} for surface in surfaces],
        )


def _make_tables() -> None:
    metadata = MetaData(naming_convention=_CONVENTION)
    Table("annotator", metadata, Column("id", Integer, primary_key=True))
    Table("document", metadata, Column("id", Integer, primary_key=True))
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
    for table in (operation, guideline, pin):
        table.create(op.get_bind())
