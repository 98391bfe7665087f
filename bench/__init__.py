"""Measurements of this machine: figures next to their references, taken in the same run."""
