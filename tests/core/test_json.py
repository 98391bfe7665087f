from typing import Any

import pytest

from thespace.core.json import MAX_DEPTH, depth_of


def _nested(depth: int, innermost: Any) -> Any:
    value = innermost
    for level in range(depth):
        value = [value] if level % 2 else {"a": 1, "b": value}
    return value


@pytest.mark.parametrize(
    ("value", "depth"),
    [(None, 0), ("[[", 0), ([], 1), ({}, 1), ([1], 1), ([[]], 2), ({"a": [1], "b": {"c": {}}}, 3)],
)
def test_depth_is_how_many_containers_lie_inside_each_other(value: Any, depth: int) -> None:
    assert depth_of(value) == depth


@pytest.mark.parametrize("innermost", [1, [], {}])
def test_counting_stops_above_the_bound(innermost: Any) -> None:
    extra = 0 if innermost == 1 else 1
    assert depth_of(_nested(MAX_DEPTH - extra, innermost)) == MAX_DEPTH
    assert depth_of(_nested(MAX_DEPTH + 1 - extra, innermost)) == MAX_DEPTH + 1
    assert depth_of(_nested(100_000, innermost)) == MAX_DEPTH + 1
