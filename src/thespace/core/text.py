"""What may be written: rules for text that apply everywhere, as pydantic types."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError


def search_key(text: str) -> str:
    """Return the form under which names are compared and searched: NFKC, casefolded.

    Stored beside the name, because SQLite's `lower` knows ASCII only.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def is_blank(text: str) -> bool:
    """Tell whether nothing of a text is visible: spaces, controls and invisible formatting only."""
    return all(
        character.isspace()
        or unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
        or character in _BLANK
        for character in text
    )


_BLANK = frozenset("\u2800\u3164\u115f\u1160\uffa0\u034f")
"""Letters and marks that Unicode draws as nothing."""


def _storable(text: str) -> str:
    # PostgreSQL refuses U+0000 and UTF-8 has no lone surrogates: both would fail in the middle of a write.
    if "\x00" in text:
        raise PydanticCustomError("string_nul", "must not contain U+0000")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "must not contain lone surrogates") from None
    return text


def _visible(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("string_blank", "must not be blank")
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


Storable = AfterValidator(_storable)
"""Text that every database can store. A length is declared before it: pydantic says `too_long` behind a
validator, and `string_too_long` otherwise.
"""

Visible = AfterValidator(_visible)
"""Text of which something can be seen."""

MAX_NAME_CHARACTERS = 100

Name = Annotated[
    str,
    StringConstraints(max_length=MAX_NAME_CHARACTERS),
    Storable,
    Visible,
    AfterValidator(_one_line),
]
"""A name or title of 1 to 100 characters: visible, on one line, spaces folded."""
