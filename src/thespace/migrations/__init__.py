"""Alembic's migrations, in the package because a server brings its database up to date by itself."""
