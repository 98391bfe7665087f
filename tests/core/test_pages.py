from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thespace.core.errors import Invalid
from thespace.core.pages import decode_cursor, decode_id, encode_cursor

parts = st.text(st.characters(exclude_characters="\x00\x1f", exclude_categories=["Cs"]))


@given(st.lists(parts, min_size=1))
def test_a_cursor_comes_back_as_what_it_was_made_of(found: list[str]) -> None:
    assert decode_cursor(encode_cursor(*found), len(found)) == found


@given(st.integers(0, 2**53 - 1))
def test_an_id_comes_back(id_: int) -> None:
    assert decode_id(encode_cursor(id_)) == id_


@given(st.text(max_size=50), st.integers(1, 3))
def test_whatever_people_send_is_a_cursor_or_invalid(cursor: str, count: int) -> None:
    with suppress(Invalid):
        assert len(decode_cursor(cursor, count)) == count
    with suppress(Invalid):
        assert 0 <= decode_id(cursor) < 2**63


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Invalid):
        decode_cursor(encode_cursor(1, 2), 1)
    with pytest.raises(Invalid):
        decode_cursor(encode_cursor(1), 2)
