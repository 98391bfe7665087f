"""Reads of people and sessions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Label, or_, select

from thespace.accounts.models import Session, User
from thespace.accounts.schemas import Me, Person, SessionCard
from thespace.accounts.tokens import AccessClaims
from thespace.core import clock
from thespace.core.actor import Actor
from thespace.core.errors import NotFound, SessionEnded
from thespace.core.ids import UserId
from thespace.core.pages import MAX_PAGE
from thespace.core.text import search_key
from thespace.db.types import AnyRow
from thespace.db.unit_of_work import Reader

IDLE_LIFETIME = timedelta(days=30)
_PERSON_FIELDS = tuple(Person.model_fields)
_ME_FIELDS = tuple(Me.model_fields)


@dataclass(frozen=True, slots=True)
class Login:
    """Whose password has to be verified, and its hash."""

    user_id: UserId
    password_hash: str


def person_columns(source: Any = User, *, prefix: str = "") -> list[Label[Any]]:
    """Return the columns of a person, to select in any statement that joins `source`, the table or an alias.

    `person_of(row, prefix=...)` turns them into the person; rows with several people use several prefixes.
    """
    return [getattr(source, name).label(prefix + name) for name in _PERSON_FIELDS]


def person_of(row: AnyRow, *, prefix: str = "") -> Person:
    """Return the person whose `person_columns` a row has."""
    return Person(**{name: getattr(row, prefix + name) for name in _PERSON_FIELDS})


async def find_person(reader: Reader, user_id: UserId) -> Person:
    """Return a person as everybody sees them; raises NotFound when there is none."""
    row = await reader.row(select(*person_columns()).where(User.id == user_id))
    if row is None:
        raise NotFound
    return person_of(row)


async def find_me(reader: Reader, user_id: UserId) -> Me:
    """Return a person as they see themselves; raises SessionEnded when they are gone."""
    row = await reader.row(select(*(getattr(User, name) for name in _ME_FIELDS)).where(User.id == user_id))
    if row is None:
        raise SessionEnded
    return Me(**row._mapping)


async def find_login(reader: Reader, username: str) -> Login | None:
    """Return the account with this nickname or e-mail address, or None. No nickname has an @."""
    key = search_key(username)
    row = await reader.row(
        select(User.id, User.password_hash).where(or_(User.nickname_key == key, User.email_key == key))
    )
    return Login(row.id, row.password_hash) if row else None


async def authenticate(reader: Reader, claims: AccessClaims) -> Actor:
    """Return who a valid access token speaks for; raises SessionEnded when its session is over."""
    found = await reader.scalar(
        select(Session.user_id).where(
            Session.id == claims.session_id, Session.user_id == claims.user_id, is_alive()
        )
    )
    if found is None:
        raise SessionEnded
    return Actor(claims.user_id, claims.session_id)


async def list_sessions(reader: Reader, actor: Actor) -> list[SessionCard]:
    """Return the actor's living sessions, at most MAX_PAGE, the most recently used first."""
    rows = await reader.rows(
        select(Session.id, Session.created_at, Session.last_seen_at, Session.user_agent, Session.address)
        .where(Session.user_id == actor.user_id, is_alive())
        .order_by(Session.last_seen_at.desc(), Session.id)
        .limit(MAX_PAGE)
    )
    return [SessionCard(**row._mapping, is_current=row.id == actor.session_id) for row in rows]


def is_alive() -> ColumnElement[bool]:
    """Return the condition under which a session is not over: not ended, and used in the last 30 days."""
    return Session.ended_at.is_(None) & (Session.last_seen_at > clock.now() - IDLE_LIFETIME)
