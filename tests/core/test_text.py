import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from thespace.core.text import Name, is_blank, search_key

name = TypeAdapter(Name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("ЁЛКА", "ёлка"), ("ＡＢＣ", "abc"), ("ﬃ", "FFI"), ("é", "e\u0301"), ("Σ", "ς")],
)
def test_names_that_people_take_for_the_same_have_one_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    assert unicodedata.is_normalized("NFKC", key)


@pytest.mark.parametrize(
    "text", ["", " ", "\t\n", "\u200b\u200d\ufeff", "\u2800", "\u3164\u115f", "\x00\x1b", "\u00ad"]
)
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(text + "a")


@pytest.mark.parametrize("text", ["a", ".", "😀", "й", "\u0301"])
def test_what_can_be_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(st.text())
def test_a_name_is_one_visible_line_or_refused(text: str) -> None:
    try:
        accepted = name.validate_python(text)
    except ValidationError as error:
        (fault,) = error.errors()
        expected = {"string_too_long", "string_nul", "string_unicode", "string_blank"}
        assert fault["type"] in expected
        return
    assert accepted == " ".join(text.split())
    assert 1 <= len(accepted) <= 100


def test_a_name_with_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValidationError):
        name.validate_python("a\ud800")
