"""Indexes for the journal by time and for relations by label."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the two indexes."""
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_index("ix_relation_label_id", "relation", ["label_id"])
