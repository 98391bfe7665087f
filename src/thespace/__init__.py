"""The Space: a self-hosted, real-time community platform."""

__version__ = "0.1.0"
