"""Rows in numbers, to see what grows with them."""

from typing import Any

from sqlalchemy import insert, update

from thespace.accounts.models import User
from thespace.chats.models import Chat
from thespace.core import clock
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Message, Reaction
from thespace.spaces.models import Member, MemberRole, Role, Space


async def add_spaces(uow: UnitOfWork, user_id: int, *, spaces: int, chats: int) -> None:
    """Make somebody a member of more spaces, each with roles and some chats."""
    for number in range(spaces):
        space_id = await uow.scalar(
            insert(Space).returning(Space.id),
            {
                "name": f"Space {number}",
                "name_key": f"space {number}",
                "description": "",
                "visibility": "private",
                "owner_id": user_id,
                "member_count": 1,
                "version": 1,
                "created_at": clock.now(),
            },
        )
        membership = {"space_id": space_id, "user_id": user_id}
        await uow.execute(insert(Member), membership | {"joined_at": clock.now()})
        for priority in (10, 100):
            role = {"space_id": space_id, "name": "Role", "priority": priority, "permissions": 1}
            role_id = await uow.scalar(insert(Role).returning(Role.id), role | {"is_default": priority == 10})
            await uow.execute(insert(MemberRole), membership | {"role_id": role_id})
        await uow.execute(insert(Chat), [_chat(space_id, place) for place in range(chats)])


async def add_members(uow: UnitOfWork, space_id: int, role_id: int, *, count: int) -> list[int]:
    """Register people and make them members of a space; return their ids."""
    ids: list[int] = []
    for number in range(count):
        name = f"guest-{space_id}-{number}"
        user_id = await uow.scalar(
            insert(User).returning(User.id),
            {
                "nickname": name,
                "nickname_key": name,
                "nickname_skeleton": name,
                "display_name": name,
                "password_hash": "",
                "created_at": clock.now(),
            },
        )
        ids.append(user_id)
    rows = [{"space_id": space_id, "user_id": user_id} for user_id in ids]
    await uow.execute(insert(Member), [row | {"joined_at": clock.now()} for row in rows])
    await uow.execute(insert(MemberRole), [row | {"role_id": role_id} for row in rows])
    await uow.execute(
        update(Space)
        .where(Space.id == space_id)
        .values(member_count=Space.member_count + count, version=Space.version + 1)
    )
    return ids


async def add_messages(
    uow: UnitOfWork, chat_id: int, author_id: int, *, first: int, count: int, reactions: bool = False
) -> None:
    """Continue a chat from a seq on."""
    seqs = range(first, first + count)
    for seq in seqs:
        message_id = await uow.scalar(
            insert(Message).returning(Message.id), _message(chat_id, author_id, seq)
        )
        if reactions:
            reaction = {"message_id": message_id, "user_id": author_id, "revision": seq}
            await uow.execute(insert(Reaction), [reaction | {"emoji": emoji} for emoji in "👍🎉"])
    await uow.execute(update(Chat).where(Chat.id == chat_id).values(last_seq=seqs[-1], revision=seqs[-1]))


def _chat(space_id: int, position: int) -> dict[str, Any]:
    return {
        "space_id": space_id,
        "name": f"chat {position}",
        "topic": "",
        "position": position,
        "last_seq": 0,
        "revision": 0,
        "created_at": clock.now(),
    }


def _message(chat_id: int, author_id: int, seq: int) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "seq": seq,
        "revision": seq,
        "author_id": author_id,
        "nonce": f"~{chat_id}-{seq}",
        "request_hash": "",
        "content": f"message {seq}",
        "attachments": [],
        "mentions": [],
        "created_at": clock.now(),
    }
