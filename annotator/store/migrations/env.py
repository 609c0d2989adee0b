"""Alembic's entry: migrate on the connection that `annotator.store.migrations.upgrade` passes."""

from __future__ import annotations

from alembic import context

from annotator.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False, render_as_batch=True)
context.run_migrations()
