"""Deleting: a tombstone stays, and nothing else."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import Cast
from tests.messages.conftest import Grant, Quiet, Withhold
from tests.messages.doors import Door
from tests.messages.timeline import body_of, message_of, names_of
from thespace.core.events import Audience, Event
from thespace.db.database import Database
from thespace.db.unit_of_work import Reader
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.spaces.policy import Permission


@pytest.fixture
async def message(cast: Cast) -> Any:
    """Bob's message, edited once, with a reaction."""
    sent = await cast.bob.say(cast.chat_id, "Secret", nonce="n")
    await cast.bob.patch(f"/messages/{sent['id']}", {"content": "Still secret"})
    await cast.carol.post(f"/messages/{sent['id']}/reaction", {"emoji": "👀", "on": True})
    return await message_of(cast.bob, cast.chat_id, sent["id"])


async def test_deletion_leaves_a_tombstone(door: Door, cast: Cast, message: Any, told: list[Event]) -> None:
    answer = await door(cast.bob, "delete_message", message_id=message["id"])

    if answer.data:  # over HTTP a deletion has no body
        assert answer.data == {"id": message["id"], "chat_id": cast.chat_id, "revision": 4}
    tombstone = await message_of(cast.carol, cast.chat_id, message["id"])
    assert tombstone == message | {
        "revision": 4,
        "content": None,
        "reactions": [],
        "edited_at": None,
        "deleted_at": tombstone["deleted_at"],
    }
    assert tombstone["deleted_at"] > message["edited_at"]
    assert names_of(told) == ["MessageDeleted"]
    assert body_of(told, "MessageDeleted") == tombstone
    assert told[-1].audience == Audience.space(cast.space_id)  # type: ignore[arg-type]


async def test_what_was_said_is_gone_from_the_database(cast: Cast, message: Any, database: Database) -> None:
    async def remains(db: Reader) -> Sequence[Any]:
        row = await db.row(select(Message.__table__).where(Message.id == message["id"]))
        versions = await db.rows(select(MessageVersion.id))
        reactions = await db.rows(select(Reaction.user_id))
        return row, versions, reactions

    before, versions, reactions = await database.read(remains)
    assert (before.content, len(versions), len(reactions)) == ("Still secret", 1, 1)
    assert before.request_hash
    await cast.bob.delete(f"/messages/{message['id']}")
    row, versions, reactions = await database.read(remains)
    assert (row.content, row.request_hash, versions, reactions) == (None, "", [], [])
    assert (row.attachments, row.mentions, row.reply_to_id) == ([], [], None)


async def test_deleting_again_changes_nothing(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    await door(cast.bob, "delete_message", message_id=message["id"])
    async with nothing_happens():
        again = await door(cast.bob, "delete_message", message_id=message["id"])
    assert again.code is None
    assert again.data in (None, {"id": message["id"], "chat_id": cast.chat_id, "revision": 4})


async def test_author_and_moderators_delete_and_nobody_else(
    door: Door, cast: Cast, grant: Grant, nothing_happens: Quiet
) -> None:
    await grant(cast.bob, Permission.DELETE_ANY_MESSAGES)
    carols = [await cast.carol.say(cast.chat_id, f"number {number}") for number in range(3)]
    alices = await cast.alice.say(cast.chat_id, "Mine")
    async with nothing_happens():
        refused = {
            person.nickname: await door(person, "delete_message", message_id=alices["id"])
            for person in (cast.carol, cast.dave, cast.mallory)
        }
    assert {name: answer.code for name, answer in refused.items()} == {
        "carol": "forbidden",
        "dave": "not_found",
        "mallory": "not_found",
    }
    assert refused["carol"].problem["params"] == {"permission": "delete_any_messages"}
    for person, message in zip((cast.alice, cast.bob, cast.carol), carols, strict=True):
        assert (await door(person, "delete_message", message_id=message["id"])).code is None
        assert (await message_of(cast.carol, cast.chat_id, message["id"]))["deleted_at"]
    assert (await door(cast.bob, "delete_message", message_id=alices["id"])).code is None


async def test_author_without_the_permission_does_not_delete(
    door: Door, cast: Cast, message: Any, withhold: Withhold, nothing_happens: Quiet
) -> None:
    await withhold(Permission.DELETE_OWN_MESSAGES)
    async with nothing_happens():
        answer = await door(cast.bob, "delete_message", message_id=message["id"])
    assert answer.code == "forbidden"
    owners = await door(cast.alice, "delete_message", message_id=message["id"])
    assert owners.code is None


async def test_who_may_not_delete_is_not_told_whether_it_is_a_tombstone(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    await door(cast.bob, "delete_message", message_id=message["id"])
    async with nothing_happens():
        codes = [
            (await door(person, "delete_message", message_id=message["id"])).code for person in cast.everybody
        ]
    assert codes == [None, None, "forbidden", "not_found", "not_found"]
