"""The database: engines, units of work, and all that differs between SQLite and PostgreSQL."""
