"""Rules of nicknames: what they are made of, and which ones look the same."""

import json
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from thespace.core.text import is_blank, search_key

MIN_LENGTH, MAX_LENGTH = 3, 32
RESERVED = ("all", "here", "everyone", "все")
_PUNCTUATION = frozenset("_.-")
_LEFT_TO_RIGHT_MARK = "\u200e"


def skeleton(nickname: str) -> str:
    """Return what a nickname looks like; two nicknames with one skeleton may be taken for each other.

    The skeleton of UTS #39, then casefolded, and both once more, because folding uncovers new lookalikes: a
    Cyrillic М looks like M, which folds to m, which looks like rn. Letters are mapped before they are folded:
    folded first, AIice with a capital I would be aiice, which does not look like alice. For the same reason
    every i counts as an l: who knows ilya also knows Ilya, and with a Cyrillic І it is drawn just like that.
    """
    looks = unicodedata.normalize("NFKC", nickname)
    for _ in range(2):
        looks = _prototypes_of(looks).casefold()
    return looks.replace("i", "l")


def _checked(nickname: str) -> str:
    nickname = unicodedata.normalize("NFKC", nickname)
    if len(nickname) < MIN_LENGTH:
        raise PydanticCustomError("string_too_short", "must have at least 3 characters")
    if len(nickname) > MAX_LENGTH:
        raise PydanticCustomError("string_too_long", "must have at most 32 characters")
    if not all(_is_allowed(character) for character in nickname):
        raise PydanticCustomError("nickname_characters", "may have letters, digits and _ . - only")
    if nickname[0] in ".-" or nickname[-1] in ".-":
        raise PydanticCustomError("nickname_ends", "must not begin or end with a dot or a hyphen")
    if search_key(nickname) in RESERVED or skeleton(nickname) in _reserved_skeletons():
        raise PydanticCustomError("nickname_reserved", "is reserved")
    return nickname


Nickname = Annotated[
    str,
    # Before NFKC, which may shorten: a letter with its accent apart becomes one.
    StringConstraints(strip_whitespace=True, max_length=4 * MAX_LENGTH),
    AfterValidator(_checked),
]
"""A nickname in NFKC: 3 to 32 letters, digits, dots, hyphens and underscores."""


def _is_allowed(character: str) -> bool:
    if character in _PUNCTUATION:
        return True
    # Some letters are drawn as nothing: the fillers of Hangul.
    return unicodedata.category(character)[0] in "LN" and not is_blank(character)


@cache
def _reserved_skeletons() -> frozenset[str]:
    return frozenset(skeleton(form) for word in RESERVED for form in (word, word.upper()))


def _prototypes_of(text: str) -> str:
    prototypes = _prototypes()
    mapped = "".join(prototypes.get(character, character) for character in unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFD", mapped)


@cache
def _prototypes() -> dict[str, str]:
    """Return UTS #39's map from a character to its prototype.

    The package keeps each line `source → target` of Unicode's table in both directions, in the table's
    order. A source has one target; a target is a prototype of many, or comes after its only source. Compared
    with ICU 77 for every letter and number: the same but for three letters younger than the package's data
    and the invisible ones, which no nickname may have.
    """
    lookalikes = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_bytes())
    prototypes: dict[str, str] = {}
    for character, others in lookalikes.items():
        if len(others) == 1 and others[0]["c"] not in prototypes:
            prototypes[character] = others[0]["c"]
    # The table wraps what is written from right to left in marks that are not part of it.
    return {k.strip(_LEFT_TO_RIGHT_MARK): v.strip(_LEFT_TO_RIGHT_MARK) for k, v in prototypes.items()}
