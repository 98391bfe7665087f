"""The vocabulary every other package speaks: no framework, no SQL."""
