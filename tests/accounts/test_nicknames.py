import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from thespace.accounts.nicknames import Nickname, skeleton

_nickname: TypeAdapter[str] = TypeAdapter(Nickname)


def _code(nickname: str) -> str:
    with pytest.raises(ValidationError) as refused:
        _nickname.validate_python(nickname)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize(
    "nickname",
    ["bob", "alice_1", "jean-luc", "j.r.r", "_x_", "Ёлка", "李小龙龙", "٣٤٥", "x" * 32, "José", "ςίσυφος"],
)
def test_letters_and_digits_of_any_script_are_accepted(nickname: str) -> None:
    assert _nickname.validate_python(nickname) == nickname


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ｂｏｂ", "bob"),
        ("  bob ", "bob"),
        ("ﬁﬁ", "fifi"),
        ("й".join("аа") + "\u0438\u0306", "айай"),
        ("bob²", "bob2"),
    ],
)
def test_a_nickname_is_stored_in_its_compatible_form(typed: str, stored: str) -> None:
    assert _nickname.validate_python(typed) == stored


@pytest.mark.parametrize(
    ("nickname", "code"),
    [
        ("", "string_too_short"),
        ("ab", "string_too_short"),
        ("x" * 33, "string_too_long"),
        ("ﷺ" * 3, "string_too_long"),  # 3 that become 54
        ("ﬃ" * 11, "string_too_long"),  # 11 that become 33
        ("x" * 129, "string_too_long"),
        ("al ice", "nickname_characters"),
        ("al\nice", "nickname_characters"),
        ("al\x00ice", "nickname_characters"),
        ("ali😀ce", "nickname_characters"),
        ("alice@home", "nickname_characters"),
        ("ali\u200bce", "nickname_characters"),
        ("ali\u202ece", "nickname_characters"),
        ("ali\u115fce", "nickname_characters"),
        ("ali\u3164ce", "nickname_characters"),
        ("ali\uffa0ce", "nickname_characters"),
        ("ali\u2800ce", "nickname_characters"),
        ("z\u0336algo", "nickname_characters"),
        ("al\ud800ice", "string_unicode"),
        (".alice", "nickname_ends"),
        ("alice.", "nickname_ends"),
        ("-alice", "nickname_ends"),
        ("alice-", "nickname_ends"),
        ("...", "nickname_ends"),
    ],
)
def test_what_is_no_nickname_is_refused_with_a_code(nickname: str, code: str) -> None:
    assert _code(nickname) == code


@pytest.mark.parametrize(
    "nickname",
    [
        "all",
        "ALL",
        "here",
        "Everyone",
        "все",
        "ВСЕ",
        "aII",
        "a1l",
        "а11",
        "ｈｅｒｅ",
        "hеrе",
        "everуone",
        "BCE",
        "вce",
    ],
)
def test_reserved_words_and_their_lookalikes_are_refused(nickname: str) -> None:
    assert _code(nickname) == "nickname_reserved"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "ALICE"),
        ("alice", "аlісе"),  # Cyrillic а, і, с, е
        ("Alice", "Αlice"),  # Greek capital alpha
        ("Alice", "AIice"),  # a capital i for the l
        ("alice", "a1ice"),
        ("alice", "al1ce"),
        ("alice", "a|ice"),
        ("ilya", "Іlya"),  # Cyrillic capital І
        ("Ilya", "llya"),
        ("bob", "b0b"),
        ("BOB", "В0В"),  # Cyrillic В
        ("bob", "bоb"),  # Cyrillic о
        ("bob", "bοb"),  # Greek omicron
        ("bob", "ｂｏｂ"),
        ("tom", "torn"),
        ("tom", "TОМ"),  # Cyrillic О, М
        ("modern", "rnodem"),
        ("pavel", "раvеl"),  # Cyrillic р, а, е
        ("paypal", "ρaypal"),  # Greek rho
        ("clock", "𝐜𝐥𝐨𝐜𝐤"),
        ("straße", "STRASSE"),
        ("vvv", "ννν"),  # Greek nu
    ],
)
def test_lookalikes_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "alicia"),
        ("bob", "bod"),
        ("anna", "аннa"),
        ("вова", "boba"),
        ("nuun", "vuuv"),
        ("josé", "jose"),
        ("tim", "tom"),
    ],
)
def test_names_that_differ_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("character", "prototype"),
    [
        ("m", "rn"),
        ("0", "o"),
        ("ß", "ss"),
        ("ѕ", "s"),
        ("ꓐ", "b"),
        ("ⅷ", "vlll"),
        ("\u05d5", "l"),
        ("𝟙", "l"),
        ("œ", "oe"),
    ],
)
def test_single_characters_map_to_the_prototypes_of_uts_39(character: str, prototype: str) -> None:
    assert skeleton(character) == prototype


@given(st.text())
def test_any_text_is_a_nickname_or_refused_as_input(text: str) -> None:
    try:
        nickname = _nickname.validate_python(text)
    except ValidationError:
        return
    assert 3 <= len(nickname) <= 32
    assert unicodedata.is_normalized("NFKC", nickname)
    assert _nickname.validate_python(nickname) == nickname


@given(st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=32))
def test_skeletons_are_stable_and_ignore_the_form_that_was_typed(text: str) -> None:
    looks = skeleton(text)
    assert skeleton(looks) == looks
    assert skeleton(unicodedata.normalize("NFD", text)) == looks
