"""The snapshot: what a client needs to know at once, read from all domains."""
