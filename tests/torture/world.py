"""People in spaces, made at one stroke, and tokens for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.conftest import SECRET
from thespace.accounts.commands import Device, register
from thespace.accounts.schemas import NewAccount
from thespace.accounts.tokens import Tokens
from thespace.app import Application
from thespace.chats.commands import create_chat, enter_space, found_space
from thespace.chats.schemas import NewChat
from thespace.core.actor import Actor
from thespace.core.ids import ChatId, SpaceId
from thespace.db.unit_of_work import UnitOfWork
from thespace.settings import Settings
from thespace.spaces.schemas import NewSpace, Visibility
from thespace.sync.queries import space_of

TOKENS = Tokens(SECRET)


@dataclass(frozen=True)
class Place:
    """A space, its chats, and who is in it: the first one owns it."""

    space_id: SpaceId
    chat_ids: Sequence[ChatId]
    people: Sequence[Actor]


def token_of(person: Actor) -> str:
    """Return a fresh access token: they are short-lived, and torture is not."""
    return TOKENS.access(person.user_id, person.session_id)


async def make_places(settings: Settings, *, spaces: int, chats: int, people: int) -> list[Place]:
    """Fill an empty database: so many spaces, with so many chats and people in each."""
    application = Application(settings, SECRET)
    async with application.running():
        return [
            await application.database.write(_make_place, number, chats, people) for number in range(spaces)
        ]


async def _make_place(uow: UnitOfWork, number: int, chats: int, people: int) -> Place:
    actors = []
    for each in range(people):
        account = NewAccount(nickname=f"person{number}x{each}", password=SECRET)
        signed_in = await register(uow, account, "", Device("torture", "127.0.0.1"))
        actors.append(Actor(signed_in.user.id, signed_in.session_id))
    owner, *members = actors
    new = NewSpace(name=f"Space {number}", visibility=Visibility.PUBLIC)
    space_id = await found_space(uow, owner, new)
    for each in range(1, chats):
        await create_chat(uow, owner, space_id, NewChat(name=f"chat{each}"))
    for member in members:
        await enter_space(uow, member, space_id)
    space = await space_of(uow, owner, space_id)
    return Place(space_id, [ChatId(chat.id) for chat in space.chats], actors)
