"""People: registration, login, sessions."""
