"""Changes of accounts and sessions."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from thespace.accounts.errors import EmailTaken, NicknameTaken
from thespace.accounts.events import SessionEnded, SessionEndedBody
from thespace.accounts.models import Session, User
from thespace.accounts.nicknames import skeleton
from thespace.accounts.queries import IDLE_LIFETIME, find_me, is_alive
from thespace.accounts.schemas import Me, NewAccount
from thespace.accounts.tokens import RefreshClaims
from thespace.core import clock
from thespace.core.actor import Actor
from thespace.core.errors import Conflict, NotFound
from thespace.core.events import Audience
from thespace.core.ids import SessionId, UserId
from thespace.core.text import search_key
from thespace.db.unit_of_work import UnitOfWork

ROTATION_GRACE = timedelta(seconds=30)
"""How long the token before the last one is still good: two tabs may refresh at once."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where a person signs in from, for them to recognise it."""

    user_agent: str
    address: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person, and the session and generation to make tokens of."""

    user: Me
    session_id: SessionId
    generation: int


async def register(uow: UnitOfWork, account: NewAccount, password_hash: str, device: Device) -> SignedIn:
    """Create an account and sign it in; raises NicknameTaken or EmailTaken.

    `password_hash` is of the account's password: hashing takes too long for a unit of work.
    """
    user_id = await uow.scalar(
        uow.dialect.insert(User)
        .values(
            nickname=account.nickname,
            nickname_key=search_key(account.nickname),
            nickname_skeleton=skeleton(account.nickname),
            display_name=account.display_name or account.nickname,
            email=account.email,
            email_key=account.email and search_key(account.email),
            password_hash=password_hash,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(User.id)
    )
    if user_id is None:
        raise await _taken(uow, account.nickname)
    return await open_session(uow, UserId(user_id), device)


async def open_session(uow: UnitOfWork, user_id: UserId, device: Device) -> SignedIn:
    """Begin a session of a person who has just proved who they are, and forget those that are long over."""
    now = clock.now()
    session_id = SessionId(secrets.token_urlsafe(16))
    await uow.execute(
        delete(Session).where(Session.user_id == user_id, Session.last_seen_at <= now - IDLE_LIFETIME)
    )
    await uow.execute(
        insert(Session).values(
            id=session_id,
            user_id=user_id,
            generation=1,
            rotated_at=now,
            created_at=now,
            last_seen_at=now,
            user_agent=device.user_agent,
            address=device.address,
        )
    )
    return SignedIn(await find_me(uow, user_id), session_id, 1)


async def rotate_session(uow: UnitOfWork, claims: RefreshClaims) -> SignedIn | None:
    """Exchange a refresh token for the next one; None when it is no longer good.

    The latest token begins the next generation. The one before it is answered with the latest again: its
    answer was lost, or another tab was faster. So is, for 30 seconds, the one before that. An older one was
    copied, and nobody knows by whom, so the session ends.
    """
    now = clock.now()
    session = await uow.row(
        select(Session.user_id, Session.generation, Session.rotated_at)
        .where(Session.id == claims.session_id, is_alive())
        .with_for_update()  # two that present one token must not both begin a generation
    )
    if session is None or claims.generation > session.generation:
        return None
    age = session.generation - claims.generation
    if _is_copied(age, now - session.rotated_at):
        await _end(uow, Session.id == claims.session_id)
        return None
    generation = session.generation
    seen: dict[str, int | datetime] = {"last_seen_at": now}
    if age == 0:
        generation += 1
        seen |= {"generation": generation, "rotated_at": now}
    await uow.execute(update(Session).where(Session.id == claims.session_id).values(seen))
    return SignedIn(await find_me(uow, UserId(session.user_id)), claims.session_id, generation)


async def end_session(uow: UnitOfWork, actor: Actor, session_id: SessionId) -> None:
    """End one of the actor's sessions and its sockets; again: nothing.

    Raises NotFound when it is not theirs.
    """
    is_theirs = (Session.id == session_id) & (Session.user_id == actor.user_id)
    if not await _end(uow, is_theirs) and await uow.row(select(Session.id).where(is_theirs)) is None:
        raise NotFound


async def sign_out(uow: UnitOfWork, session_ids: Collection[SessionId]) -> None:
    """End the sessions that tokens of their own name, and their sockets; again: nothing."""
    await _end(uow, Session.id.in_(session_ids))


async def _end(uow: UnitOfWork, which: ColumnElement[bool]) -> bool:
    """End living sessions; tell whether there were any."""
    ended = await uow.rows(
        update(Session)
        .where(which, Session.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(Session.id)
    )
    for (session_id,) in ended:
        sockets = Audience.session(session_id)
        uow.emit(SessionEnded(audience=sockets, body=SessionEndedBody(session_id=session_id), closes=sockets))
    return bool(ended)


def _is_copied(age: int, since_rotation: timedelta) -> bool:
    return age > 2 or (age == 2 and since_rotation > ROTATION_GRACE)


async def _taken(uow: UnitOfWork, nickname: str) -> Conflict:
    is_same = or_(User.nickname_key == search_key(nickname), User.nickname_skeleton == skeleton(nickname))
    is_nickname = await uow.scalar(select(User.id).where(is_same).limit(1)) is not None
    return NicknameTaken() if is_nickname else EmailTaken()
