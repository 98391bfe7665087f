"""Opaque cursors of lists."""

import base64
import binascii

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
    except (binascii.Error, UnicodeError):
        text = ""
    found = text.split("\x1f")
    if len(found) != parts or "\x00" in text:
        raise Invalid("The cursor is not one of ours.", errors=[FieldError("/cursor", "cursor")])
    return found
