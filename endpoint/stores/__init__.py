"""Where submissions are kept: one protocol, SQLite and PostgreSQL."""
