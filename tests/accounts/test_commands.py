import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.statements import StatementLog
from thespace.accounts.commands import (
    ROTATION_GRACE,
    Device,
    SignedIn,
    end_session,
    open_session,
    register,
    rotate_session,
    sign_out,
)
from thespace.accounts.errors import EmailTaken, NicknameTaken
from thespace.accounts.events import SessionEnded
from thespace.accounts.queries import (
    IDLE_LIFETIME,
    Login,
    authenticate,
    find_login,
    find_me,
    find_person,
    list_sessions,
)
from thespace.accounts.schemas import NewAccount
from thespace.accounts.tokens import AccessClaims, RefreshClaims
from thespace.core import errors
from thespace.core.actor import Actor
from thespace.core.events import Audience, Event
from thespace.core.ids import SessionId, UserId
from thespace.db.database import Database

START = datetime(2030, 1, 1, tzinfo=UTC)
DEVICE = Device("Firefox", "203.0.113.5")


async def _register(database: Database, nickname: str = "alice", **more: Any) -> SignedIn:
    account = NewAccount(nickname=nickname, password="correct horse", **more)
    return await database.write(register, account, f"hash of {nickname}", DEVICE)


async def _rotate(database: Database, signed_in: SignedIn, generation: int) -> int | None:
    """Present the token of a generation; return the generation of the answer."""
    answer = await database.write(rotate_session, RefreshClaims(signed_in.session_id, generation))
    return answer.generation if answer else None


async def _is_alive(database: Database, signed_in: SignedIn) -> bool:
    try:
        await database.read(authenticate, AccessClaims(signed_in.user.id, signed_in.session_id))
    except errors.SessionEnded:
        return False
    return True


def _actor(signed_in: SignedIn) -> Actor:
    return Actor(signed_in.user.id, signed_in.session_id)


def _ended(told: list[Event]) -> list[SessionId]:
    ended = [event for event in told if isinstance(event, SessionEnded)]
    assert all(event.audience == event.closes == Audience.session(event.body.session_id) for event in ended)
    return [event.body.session_id for event in ended]


async def test_a_registration_creates_a_person_and_signs_them_in(database: Database) -> None:
    with time_machine.travel(START, tick=False):
        alice = await _register(database, "Alice", email="Alice@Example.org", display_name=" Alice  L. ")
        assert await database.read(authenticate, AccessClaims(alice.user.id, alice.session_id)) == _actor(
            alice
        )
    assert alice.generation == 1
    assert alice.user.model_dump() == {
        "id": alice.user.id,
        "nickname": "Alice",
        "display_name": "Alice L.",
        "avatar_url": None,
        "profile_version": 1,
        "email": "Alice@example.org",
        "created_at": START,
    }
    assert await database.read(find_me, alice.user.id) == alice.user


async def test_who_gives_no_name_and_no_address_is_called_by_their_nickname(database: Database) -> None:
    alice, bob = await _register(database, "alice"), await _register(database, "bob")
    assert (alice.user.display_name, alice.user.email) == ("alice", None)
    assert bob.user.email is None


async def test_a_person_as_others_see_them_has_no_address(database: Database) -> None:
    alice = await _register(database, email="alice@example.org")
    person = await database.read(find_person, alice.user.id)
    assert person.model_dump() == alice.user.model_dump(exclude={"email", "created_at"})
    with pytest.raises(errors.NotFound):
        await database.read(find_person, UserId(999))


async def test_a_nickname_that_is_or_looks_taken_is_refused(database: Database) -> None:
    await _register(database, "alice")
    for nickname in ("alice", "ALICE", "аlісе", "AIice", "ａｌｉｃｅ"):
        with pytest.raises(NicknameTaken):
            await _register(database, nickname)


async def test_a_nickname_in_another_case_is_taken_even_if_it_looks_different(database: Database) -> None:
    await _register(database, "вова")
    with pytest.raises(NicknameTaken):
        await _register(database, "ВОВА")


async def test_an_address_has_one_account(database: Database) -> None:
    await _register(database, "alice", email="Alice@example.org")
    for email in ("alice@example.org", "ALICE@EXAMPLE.ORG"):
        with pytest.raises(EmailTaken):
            await _register(database, "bob", email=email)
    await _register(database, "bob", email="bob@example.org")


async def test_a_refused_registration_leaves_nothing(database: Database) -> None:
    await _register(database, "alice", email="alice@example.org")
    with pytest.raises(EmailTaken):
        await _register(database, "bob", email="alice@example.org")
    assert await database.read(find_login, "bob") is None
    await _register(database, "bob")


async def test_of_many_who_want_one_nickname_at_once_one_gets_it(database: Database) -> None:
    names = ["alice", "ALICE", "аlісе", "AIice", "alice"]
    answers = await asyncio.gather(*(_register(database, name) for name in names), return_exceptions=True)
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert sum(isinstance(answer, NicknameTaken) for answer in answers) == 4


async def test_a_login_is_found_by_nickname_or_address_in_any_case(database: Database) -> None:
    alice = await _register(database, "Alice", email="alice@example.org")
    await _register(database, "bob")
    for username in ("Alice", "alice", "ALICE", "ａｌｉｃｅ", "alice@example.org", "Alice@Example.ORG"):
        login = await database.read(find_login, username)
        assert login == Login(alice.user.id, "hash of Alice"), username


async def test_who_has_no_account_is_not_found(database: Database) -> None:
    await _register(database, "alice", email="alice@example.org")
    for username in ("", "alic", "alice@example", "аlісе", "%", "al_ce", "alice'--"):
        assert await database.read(find_login, username) is None


async def test_the_latest_token_begins_the_next_generation(database: Database) -> None:
    alice = await _register(database)
    assert await _rotate(database, alice, 1) == 2
    assert await _rotate(database, alice, 2) == 3
    assert await _is_alive(database, alice)


async def test_a_token_whose_answer_was_lost_gets_the_same_answer_again(database: Database) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice = await _register(database)
        assert await _rotate(database, alice, 1) == 2
        now.shift(timedelta(days=3))
        assert await _rotate(database, alice, 1) == 2
        assert await _rotate(database, alice, 1) == 2
        assert await _rotate(database, alice, 2) == 3


async def test_the_token_before_that_is_good_for_thirty_seconds(
    database: Database, told: list[Event]
) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice = await _register(database)
        assert await _rotate(database, alice, 1) == 2
        assert await _rotate(database, alice, 2) == 3
        now.shift(ROTATION_GRACE)
        assert await _rotate(database, alice, 1) == 3
        assert await _is_alive(database, alice)
        assert not _ended(told)


async def test_using_it_does_not_make_it_good_for_longer(database: Database) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice = await _register(database)
        assert await _rotate(database, alice, 1) == 2
        assert await _rotate(database, alice, 2) == 3
        now.shift(timedelta(seconds=20))
        assert await _rotate(database, alice, 1) == 3
        now.shift(timedelta(seconds=20))
        assert await _rotate(database, alice, 1) is None


async def test_after_that_it_was_copied_and_the_session_ends(database: Database, told: list[Event]) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice = await _register(database)
        assert await _rotate(database, alice, 1) == 2
        assert await _rotate(database, alice, 2) == 3
        now.shift(ROTATION_GRACE + timedelta(microseconds=1))
        assert await _rotate(database, alice, 1) is None
        assert _ended(told) == [alice.session_id]
        assert not await _is_alive(database, alice)
        assert await _rotate(database, alice, 3) is None, "the thief's token and the owner's are both dead"
        assert _ended(told) == [alice.session_id]


async def test_an_even_older_token_ends_the_session_at_once(database: Database, told: list[Event]) -> None:
    alice = await _register(database)
    for generation in (1, 2, 3):
        await _rotate(database, alice, generation)
    assert await _rotate(database, alice, 1) is None
    assert _ended(told) == [alice.session_id]


async def test_a_generation_that_does_not_exist_yet_changes_nothing(
    database: Database, told: list[Event]
) -> None:
    alice = await _register(database)
    assert await _rotate(database, alice, 2) is None
    assert await _is_alive(database, alice)
    assert not _ended(told)
    assert await database.write(rotate_session, RefreshClaims(SessionId("nobody's"), 1)) is None


async def test_tabs_that_refresh_at_once_begin_one_generation(database: Database) -> None:
    alice = await _register(database)
    answers = await asyncio.gather(*(_rotate(database, alice, 1) for _ in range(10)))
    assert set(answers) == {2}


async def test_a_session_ends_after_thirty_idle_days_and_refreshing_keeps_it(database: Database) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice = await _register(database)
        now.shift(IDLE_LIFETIME - timedelta(seconds=1))
        assert await _is_alive(database, alice)
        assert await _rotate(database, alice, 1) == 2
        now.shift(IDLE_LIFETIME - timedelta(seconds=1))
        assert await _rotate(database, alice, 1) == 2, "which counts as use"
        now.shift(IDLE_LIFETIME)
        assert not await _is_alive(database, alice)
        assert await _rotate(database, alice, 2) is None
        assert not await database.read(list_sessions, _actor(alice))


async def test_signing_in_forgets_own_sessions_that_are_long_over(database: Database) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice, bob = await _register(database, "alice"), await _register(database, "bob")
        now.shift(timedelta(days=1))
        second = await database.write(open_session, alice.user.id, DEVICE)
        now.shift(IDLE_LIFETIME - timedelta(hours=1))
        third = await database.write(open_session, alice.user.id, DEVICE)
        for gone in (alice, bob):
            with pytest.raises(errors.NotFound):
                await database.write(end_session, _actor(third), gone.session_id)
        await database.write(end_session, _actor(third), second.session_id)
        await database.write(end_session, _actor(bob), bob.session_id)


async def test_sessions_are_listed_the_last_used_first(database: Database) -> None:
    with time_machine.travel(START, tick=False) as now:
        alice = await _register(database)
        now.shift(60)
        phone = await database.write(open_session, alice.user.id, Device("Phone", "2001:db8::7"))
        await _register(database, "bob")
        now.shift(60)
        await _rotate(database, alice, 1)
        cards = await database.read(list_sessions, _actor(phone))
    assert [card.model_dump() for card in cards] == [
        {
            "id": alice.session_id,
            "created_at": START,
            "last_seen_at": START + timedelta(seconds=120),
            "user_agent": "Firefox",
            "address": "203.0.113.5",
            "is_current": False,
        },
        {
            "id": phone.session_id,
            "created_at": START + timedelta(seconds=60),
            "last_seen_at": START + timedelta(seconds=60),
            "user_agent": "Phone",
            "address": "2001:db8::7",
            "is_current": True,
        },
    ]


async def test_ending_a_session_works_at_once_and_only_on_it(database: Database, told: list[Event]) -> None:
    alice = await _register(database)
    phone = await database.write(open_session, alice.user.id, DEVICE)
    await database.write(end_session, _actor(phone), alice.session_id)
    assert not await _is_alive(database, alice)
    assert await _rotate(database, alice, 1) is None
    assert await _is_alive(database, phone)
    assert [card.id for card in await database.read(list_sessions, _actor(phone))] == [phone.session_id]
    await database.write(end_session, _actor(phone), alice.session_id)
    assert _ended(told) == [alice.session_id], "once, however often it is ended"


async def test_the_sessions_of_others_do_not_exist(database: Database, told: list[Event]) -> None:
    alice, mallory = await _register(database, "alice"), await _register(database, "mallory")
    for session_id in (alice.session_id, SessionId("nobody's"), SessionId("")):
        with pytest.raises(errors.NotFound):
            await database.write(end_session, _actor(mallory), session_id)
    assert await _is_alive(database, alice)
    assert not told


async def test_signing_out_ends_what_the_tokens_name_and_again_nothing(
    database: Database, told: list[Event]
) -> None:
    alice = await _register(database)
    phone = await database.write(open_session, alice.user.id, DEVICE)
    tablet = await database.write(open_session, alice.user.id, DEVICE)
    for _ in range(2):
        await database.write(sign_out, {alice.session_id, phone.session_id, SessionId("nobody's")})
    await database.write(sign_out, set())
    assert sorted(_ended(told)) == sorted([alice.session_id, phone.session_id])
    assert await _is_alive(database, tablet)


async def test_a_token_of_one_person_does_not_open_the_session_of_another(database: Database) -> None:
    alice, mallory = await _register(database, "alice"), await _register(database, "mallory")
    with pytest.raises(errors.SessionEnded):
        await database.read(authenticate, AccessClaims(mallory.user.id, alice.session_id))


async def test_authenticating_is_one_statement(database: Database, statements: StatementLog) -> None:
    alice = await _register(database)
    for _ in range(20):
        await database.write(open_session, alice.user.id, DEVICE)
    statements.clear()
    assert await database.read(authenticate, AccessClaims(alice.user.id, alice.session_id)) == _actor(alice)
    assert len(statements) == 1, statements.statements
