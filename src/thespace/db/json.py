"""JSON of the JSON columns."""

from typing import Any

import orjson


def dumps(value: Any) -> str:
    """Return JSON text."""
    return orjson.dumps(value).decode()


loads = orjson.loads
