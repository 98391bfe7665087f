"""Alembic's migrations. They are part of the package, because a server brings its database up to date by
itself.
"""
