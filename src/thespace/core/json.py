"""A bound on how deeply JSON may nest."""

from typing import Any

MAX_DEPTH = 20


def depth_of(value: Any) -> int:
    """Return how many arrays and objects lie inside each other; stops counting above MAX_DEPTH."""
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        level = [child for item in level for child in _children(item)]
        depth += bool(level)
    return depth


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
