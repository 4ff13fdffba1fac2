"""The database's history, as Alembic migrations."""
