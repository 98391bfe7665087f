"""Opaque cursors of lists."""

import base64
import re

from thespace.core.errors import FieldError, Invalid

MAX_PAGE = 100


def encode_cursor(*parts: int | str) -> str:
    """Return an opaque cursor that `decode_cursor` turns back into the same parts, as strings."""
    text = "\x1f".join(str(part) for part in parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, parts: int) -> list[str]:
    """Return the parts of a cursor made by `encode_cursor`; raise Invalid for anything else."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:  # what is no ASCII, no base64, no UTF-8
        raise _not_ours() from None
    found = text.split("\x1f")
    if len(found) != parts or "\x00" in text:
        raise _not_ours()
    return found


def decode_id(cursor: str) -> int:
    """Return the id in a cursor that holds just one; raise Invalid for anything else."""
    (text,) = decode_cursor(cursor, 1)
    if not re.fullmatch("[0-9]{1,16}", text):
        raise _not_ours()
    return int(text)


def _not_ours() -> Invalid:
    return Invalid("The cursor is not one of ours.", errors=[FieldError("/cursor", "cursor")])
