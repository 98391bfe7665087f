import asyncio
import threading
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pwdlib.hashers.bcrypt import BcryptHasher
from pydantic import TypeAdapter, ValidationError

from thespace.accounts.passwords import MAX_WAITING_PER_THREAD, Passwords
from thespace.accounts.schemas import NewPassword
from thespace.core.errors import Unavailable

_password: TypeAdapter[str] = TypeAdapter(NewPassword)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(rounds=4)
    yield passwords
    passwords.close()


async def test_only_the_password_that_was_hashed_is_right(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    assert await passwords.verify("correct horse", stored)
    assert not await passwords.verify("Correct horse", stored)
    assert not await passwords.verify("correct hors", stored)


async def test_a_hash_is_salted_and_costs_twelve_rounds() -> None:
    passwords = Passwords()
    one, other = await asyncio.gather(passwords.hash("the same one"), passwords.hash("the same one"))
    passwords.close()
    assert one != other
    assert one.startswith("$2b$12$")


async def test_every_character_of_a_long_password_counts(passwords: Passwords) -> None:
    stored = await passwords.hash("пароль" * 170 + "a")
    assert await passwords.verify("пароль" * 170 + "a", stored)
    assert not await passwords.verify("пароль" * 170 + "b", stored)


@pytest.mark.parametrize(
    ("typed", "again"),
    [("Zürich-1", "Zu\u0308rich-1"), ("ﬁnance12", "finance12"), ("１２３４５６７８", "12345678")],
)
async def test_keyboards_that_compose_letters_differently_give_one_password(
    passwords: Passwords, typed: str, again: str
) -> None:
    assert await passwords.verify(again, await passwords.hash(typed))


async def test_without_an_account_a_password_is_verified_all_the_same(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = BcryptHasher.verify

    def count(self: BcryptHasher, password: str | bytes, stored: str | bytes) -> bool:
        verified.append(str(stored))
        return verify(self, password, stored)

    monkeypatch.setattr(BcryptHasher, "verify", count)
    real = await passwords.hash("correct horse")
    assert not await passwords.verify("correct horse", None)
    assert not await passwords.verify("wrong horse", real)
    nobodys, somebodys = verified
    assert nobodys[:7] == somebodys[:7], "another cost would take another time"


async def test_who_comes_when_too_many_wait_is_told_at_once(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr(BcryptHasher, "hash", lambda self, password, *, salt=None: str(go.wait()))
    threads = passwords._threads._max_workers
    waiting = [
        asyncio.ensure_future(passwords.hash("x")) for _ in range(threads * (1 + MAX_WAITING_PER_THREAD))
    ]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await passwords.hash("one too many")
    waiting.pop().cancel()
    await asyncio.sleep(0)
    one_more = asyncio.ensure_future(passwords.hash("in place of the one who left"))
    go.set()
    assert set(await asyncio.gather(*waiting, one_more)) == {"True"}


@pytest.mark.parametrize("password", ["12345678", "        ", "п" * 1024, "🐎" * 8, "a\tb\nc\u200bdefg"])
def test_a_password_has_8_to_1024_characters_of_any_kind(password: str) -> None:
    assert _password.validate_python(password) == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("1234567", "string_too_short"),
        ("x" * 1025, "string_too_long"),
        ("12345678\x00", "string_nul"),
        ("12345678\ud800", "string_unicode"),
    ],
)
def test_what_is_no_password_is_refused_with_a_code(password: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _password.validate_python(password)
    assert refused.value.errors()[0]["type"] == code


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=st.text(min_size=8, max_size=1024))
async def test_whatever_is_accepted_can_be_hashed_and_verified(passwords: Passwords, password: str) -> None:
    try:
        accepted = _password.validate_python(password)
    except ValidationError:
        return
    stored = await passwords.hash(accepted)
    assert await passwords.verify(unicodedata.normalize("NFD", accepted), stored)
