"""Reads that span the domains, in a few statements whatever the numbers of spaces and chats."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select

from thespace.accounts.models import User
from thespace.accounts.queries import find_me
from thespace.accounts.schemas import Me
from thespace.chats.models import Chat, ReadState
from thespace.chats.queries import INFO_COLUMNS as CHAT_COLUMNS
from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.ids import SpaceId
from thespace.db.relation import numbers
from thespace.db.types import AnyRow
from thespace.db.unit_of_work import Reader
from thespace.messages.reading import unread_count
from thespace.spaces.access import authority_in, with_authority
from thespace.spaces.models import Member, MemberRole, Role, Space
from thespace.spaces.policy import names_of
from thespace.spaces.queries import INFO_COLUMNS as SPACE_COLUMNS
from thespace.spaces.queries import ROLE_COLUMNS, role_card
from thespace.spaces.schemas import RoleCard
from thespace.sync.schemas import ChatCard, SpaceSnapshot

Position = tuple[int, int, int | None, int | None]


async def snapshot_of(db: Reader, actor: Actor) -> tuple[Me, list[SpaceSnapshot]]:
    """Return the actor and all of their spaces, in the order of joining. Four statements."""
    return await find_me(db, actor.user_id), await _spaces(db, actor)


async def space_of(db: Reader, actor: Actor, space_id: SpaceId) -> SpaceSnapshot:
    """Return one space as its member sees it; raises NotFound for who is none."""
    found = await _spaces(db, actor, space_id)
    if not found:
        raise NotFound
    return found[0]


async def moved_of(db: Reader, actor: Actor) -> tuple[dict[int, int], dict[int, int], int]:
    """Return the revisions of the actor's chats, and the versions of their spaces and themselves."""
    rows = await db.rows(
        select(Space.id, Space.version, Chat.id.label("chat_id"), Chat.revision)
        .join(Member, and_(Member.space_id == Space.id, Member.user_id == actor.user_id))
        .outerjoin(Chat, and_(Chat.space_id == Space.id, Chat.deleted_at.is_(None)))
        .where(Space.deleted_at.is_(None))
    )
    version = await db.scalar(select(User.version).where(User.id == actor.user_id))
    chats = {row.chat_id: row.revision for row in rows if row.chat_id is not None}
    return chats, {row.id: row.version for row in rows}, version


async def positions_of(db: Reader, space_ids: Sequence[int]) -> list[Position]:
    """Return where spaces and their chats stand, as `space_id, version, chat_id, revision`. One statement."""
    ids = db.dialect.relation(id="bigint")
    rows = await db.rows(
        select(Space.id, Space.version, Chat.id.label("chat_id"), Chat.revision)
        .outerjoin(Chat, and_(Chat.space_id == Space.id, Chat.deleted_at.is_(None)))
        .where(Space.id.in_(numbers(ids)), Space.deleted_at.is_(None)),
        ids.bind([(space_id,) for space_id in space_ids]),
    )
    return [(row.id, row.version, row.chat_id, row.revision) for row in rows]


async def _spaces(db: Reader, actor: Actor, space_id: SpaceId | None = None) -> list[SpaceSnapshot]:
    rows = await db.rows(_mine(actor, space_id))
    by_space: dict[int, list[AnyRow]] = {}
    for row in rows:
        by_space.setdefault(row.id, []).append(row)
    chats = await _chats(db, actor, space_id)
    roles = await _roles(db, actor, space_id)
    return [_snapshot(rows, actor, chats[id_], roles[id_]) for id_, rows in by_space.items()]


def _mine(actor: Actor, space_id: SpaceId | None) -> Any:
    statement = with_authority(select(*SPACE_COLUMNS), actor.user_id).add_columns(MemberRole.role_id)
    if space_id is not None:
        statement = statement.where(Space.id == space_id)
    return statement.order_by(Member.joined_at, Space.id, MemberRole.role_id)


async def _chats(db: Reader, actor: Actor, space_id: SpaceId | None) -> defaultdict[int, list[ChatCard]]:
    read_seq = func.coalesce(ReadState.seq, 0)
    statement = (
        select(
            *CHAT_COLUMNS,
            read_seq.label("read_seq"),
            unread_count(Chat.id, read_seq, actor.user_id).label("unread"),
        )
        .join(Space, Space.id == Chat.space_id)
        .join(Member, and_(Member.space_id == Chat.space_id, Member.user_id == actor.user_id))
        .outerjoin(ReadState, and_(ReadState.chat_id == Chat.id, ReadState.user_id == actor.user_id))
        .where(Chat.deleted_at.is_(None), Space.deleted_at.is_(None))
        .order_by(Chat.position, Chat.id)
    )
    if space_id is not None:
        statement = statement.where(Chat.space_id == space_id)
    chats: defaultdict[int, list[ChatCard]] = defaultdict(list)
    for row in await db.rows(statement):
        chats[row.space_id].append(ChatCard(**row._mapping))
    return chats


async def _roles(db: Reader, actor: Actor, space_id: SpaceId | None) -> defaultdict[int, list[RoleCard]]:
    statement = (
        select(*ROLE_COLUMNS)
        .join(Member, and_(Member.space_id == Role.space_id, Member.user_id == actor.user_id))
        .order_by(Role.priority.desc(), Role.id)
    )
    if space_id is not None:
        statement = statement.where(Role.space_id == space_id)
    roles: defaultdict[int, list[RoleCard]] = defaultdict(list)
    for row in await db.rows(statement):
        roles[row.space_id].append(role_card(row))
    return roles


def _snapshot(
    rows: list[AnyRow], actor: Actor, chats: list[ChatCard], roles: list[RoleCard]
) -> SpaceSnapshot:
    authority = authority_in(rows, actor.user_id)
    card = {column.key: getattr(rows[0], column.key) for column in SPACE_COLUMNS}
    return SpaceSnapshot(
        **card,
        is_member=True,
        owner_id=rows[0].owner_id,
        chats=chats,
        roles=roles,
        my_role_ids=[row.role_id for row in rows if row.role_id is not None],
        my_permissions=names_of(authority.permissions),
        my_rank=authority.rank,
    )
