"""A bound on how deeply JSON may nest."""

from collections.abc import Iterable
from typing import Any

MAX_DEPTH = 20


def depth_of(value: Any) -> int:
    """Return how many arrays and objects lie inside each other; stops counting above MAX_DEPTH."""
    depth, level = 0, [value]
    while depth <= MAX_DEPTH and (containers := [item for item in level if isinstance(item, dict | list)]):
        depth += 1
        level = [child for item in containers for child in _children(item)]
    return depth


def _children(container: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container
