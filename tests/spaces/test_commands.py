"""Spaces through their routes: creating, joining, leaving, changing, deleting."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import Cast, Visitor
from tests.problems import faults_in, problem_in
from tests.spaces.authority import empower
from thespace.core.events import Audience, Event
from thespace.core.ids import SpaceId
from thespace.db.database import Database
from thespace.db.unit_of_work import Reader
from thespace.spaces.events import MemberJoined, MemberLeft, SpaceDeleted, SpaceEntered, SpaceUpdated
from thespace.spaces.models import Member, MemberRole, Space
from thespace.spaces.policy import Permission

EVERYTHING = [
    "change_info",
    "delete_space",
    "manage_chats",
    "add_members",
    "kick_members",
    "ban_members",
    "restrict_members",
    "promote_members",
    "untouchable",
    "view_audit_log",
    "send_messages",
    "send_media",
    "send_stickers",
    "send_files",
    "edit_own_messages",
    "delete_own_messages",
    "delete_any_messages",
    "pin_messages",
    "add_reactions",
    "mention_all",
    "create_invites",
]
MEMBERS_PERMISSIONS = [
    "send_messages",
    "send_media",
    "send_stickers",
    "send_files",
    "edit_own_messages",
    "delete_own_messages",
    "add_reactions",
]
Visit = Callable[[str], Awaitable[Visitor]]


async def _card(visitor: Visitor, space_id: int) -> dict[str, Any]:
    answer = await visitor.get(f"/spaces/{space_id}")
    assert answer.status_code == 200, answer.text
    card: dict[str, Any] = answer.json()
    return card


async def _make_private(cast: Cast) -> None:
    assert (await cast.alice.patch(f"/spaces/{cast.space_id}", {"visibility": "private"})).status_code == 200


def _kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


async def test_a_new_space_has_its_founder_its_presets_and_a_chat(visit: Visit) -> None:
    alice = await visit("alice")
    new = {"name": "Observatory", "description": "Stars", "visibility": "public", "first_chat": "Lobby"}
    answer = await alice.post("/spaces", new)
    assert answer.status_code == 201
    space = answer.json()
    owner, member = space["roles"]
    assert space == {
        "id": space["id"],
        "name": "Observatory",
        "description": "Stars",
        "visibility": "public",
        "avatar_url": None,
        "banner_url": None,
        "member_count": 1,
        "version": 1,
        "is_member": True,
        "owner_id": alice.id,
        "chats": [
            {
                "id": space["chats"][0]["id"],
                "space_id": space["id"],
                "name": "Lobby",
                "topic": "",
                "position": 0,
                "last_seq": 0,
                "revision": 0,
                "read_seq": 0,
                "unread": 0,
            }
        ],
        "roles": [
            {
                "id": owner["id"],
                "name": "Owner",
                "priority": 100,
                "tone": None,
                "permissions": EVERYTHING,
                "is_default": False,
                "preset": "owner",
            },
            {
                "id": member["id"],
                "name": "Member",
                "priority": 10,
                "tone": None,
                "permissions": MEMBERS_PERMISSIONS,
                "is_default": True,
                "preset": "member",
            },
        ],
        "my_role_ids": [owner["id"], member["id"]],
        "my_permissions": EVERYTHING,
        "my_rank": 100,
    }


async def test_a_space_is_private_with_a_general_chat_unless_its_founder_says_more(visit: Visit) -> None:
    alice = await visit("alice")
    space = (await alice.post("/spaces", {"name": "Den"})).json()
    assert (space["visibility"], space["description"]) == ("private", "")
    assert [chat["name"] for chat in space["chats"]] == ["general"]


async def test_names_are_one_line_and_keep_what_was_written(visit: Visit) -> None:
    alice = await visit("alice")
    new = {"name": "  Клуб \n любителей\tчая ", "first_chat": " main  room "}
    space = (await alice.post("/spaces", new)).json()
    assert space["name"] == "Клуб любителей чая"
    assert space["chats"][0]["name"] == "main room"


@pytest.mark.parametrize("field", ["name", "first_chat"])
async def test_a_space_without_a_proper_name_is_not_created(visit: Visit, field: str) -> None:
    alice = await visit("alice")
    good = {"name": "Den", "first_chat": "general"}
    for value, code in [
        ("", "string_blank"),
        (" \u200b\t", "string_blank"),
        ("x" * 101, "string_too_long"),
        ("a\x00b", "string_nul"),
        (5, "string_type"),
        (True, "string_type"),
        (None, "string_type"),
        (["a"], "string_type"),
    ]:
        answer = await alice.post("/spaces", good | {field: value})
        assert faults_in(answer) == [(f"/{field}", code)], value
    assert (await alice.post("/spaces", good | {field: "я" * 100})).status_code == 201
    assert len((await alice.get("/spaces")).json()["items"]) == 1


async def test_a_space_with_a_fault_elsewhere_is_not_created(visit: Visit) -> None:
    alice = await visit("alice")
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"description": "x" * 1001}, ("/description", "string_too_long")),
        ({"description": None}, ("/description", "string_type")),
        ({"visibility": "secret"}, ("/visibility", "enum")),
        ({"visibility": 1}, ("/visibility", "enum")),
        ({"owner_id": 1}, ("/owner_id", "extra_forbidden")),
    ]
    for more, fault in cases:
        assert faults_in(await alice.post("/spaces", {"name": "Den"} | more)) == [fault], more
    assert faults_in(await alice.post("/spaces", {})) == [("/name", "missing")]
    assert (await alice.get("/spaces")).json() == {"items": []}


async def test_founding_tells_ones_own_other_sockets(visit: Visit, told: list[Event]) -> None:
    alice = await visit("alice")
    told.clear()
    space = (await alice.post("/spaces", {"name": "Den"})).json()
    joined, entered = told
    assert isinstance(joined, MemberJoined)
    assert isinstance(entered, SpaceEntered)
    assert joined.audience == Audience.space(space["id"])
    assert (joined.user_id, joined.joined) == (alice.id, True)
    assert joined.body.model_dump() == {
        "space_id": space["id"],
        "version": space["version"],
        "user": {
            "id": alice.id,
            "nickname": "alice",
            "display_name": "alice",
            "avatar_url": None,
            "profile_version": 1,
        },
        "role_ids": space["my_role_ids"],
        "member_count": 1,
    }
    assert entered.audience == Audience.user(alice.id)
    assert entered.body.model_dump() == {"scope": "space", "id": space["id"]}


async def test_spaces_are_listed_in_the_order_of_joining(cast: Cast) -> None:
    den = (await cast.mallory.post("/spaces", {"name": "Den"})).json()
    assert (await cast.mallory.get("/spaces")).json()["items"] == [await _card(cast.mallory, den["id"])]
    await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    listed = (await cast.mallory.get("/spaces")).json()["items"]
    assert listed == [await _card(cast.mallory, id_) for id_ in (den["id"], cast.space_id)]
    assert (await cast.dave.get("/spaces")).json() == {"items": []}


async def test_anybody_sees_the_card_of_a_public_space(cast: Cast) -> None:
    cards = {person.nickname: await _card(person, cast.space_id) for person in cast.everybody}
    assert {name: card.pop("is_member") for name, card in cards.items()} == {
        "alice": True,
        "bob": True,
        "carol": True,
        "dave": False,
        "mallory": False,
    }
    assert all(card == cards["alice"] for card in cards.values())
    assert set(cards["mallory"]) == {
        "id",
        "name",
        "description",
        "visibility",
        "avatar_url",
        "banner_url",
        "member_count",
        "version",
    }


async def test_only_members_see_the_card_of_a_private_space(cast: Cast) -> None:
    await _make_private(cast)
    assert await cast.statuses(lambda person: person.get(f"/spaces/{cast.space_id}")) == {
        "alice": 200,
        "bob": 200,
        "carol": 200,
        "dave": 404,
        "mallory": 404,
    }


async def test_a_private_space_looks_to_outsiders_like_one_that_does_not_exist(cast: Cast) -> None:
    await _make_private(cast)
    requests: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "", None),
        ("POST", "/join", None),
        ("POST", "/leave", None),
        ("GET", "/participants", None),
        ("GET", "/my-permissions", None),
        ("GET", "/chats", None),
        ("POST", "/chats", {"name": "Mine"}),
    ]
    for person in cast.outsiders:
        for method, path, body in requests:
            there = await person.request(method, f"/spaces/{cast.space_id}{path}", json=body)
            nowhere = await person.request(method, f"/spaces/999999{path}", json=body)
            problems = [problem_in(answer, 404, "not_found") for answer in (there, nowhere)]
            assert problems[0] | {"request_id": ""} == problems[1] | {"request_id": ""}


@pytest.mark.parametrize("space_id", ["0", "-1", str(2**53), str(2**70), "abc", "1.5", "%00", "1;2"])
async def test_what_is_no_id_is_no_space(visit: Visit, space_id: str) -> None:
    alice = await visit("alice")
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/join"), ("GET", "/participants")):
        problem_in(await alice.request(method, f"/spaces/{space_id}{path}"), 404, "not_found")


async def test_joining_a_public_space_makes_a_member(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    answer = await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    assert answer.status_code == 200
    space = answer.json()
    member = space["roles"][1]
    assert (space["is_member"], space["member_count"]) == (True, 4)
    assert (space["my_role_ids"], space["my_permissions"]) == ([member["id"]], MEMBERS_PERMISSIONS)
    assert (space["my_rank"], space["owner_id"]) == (10, cast.alice.id)
    assert space["version"] == before["spaces"][0]["version"] + 1
    joined, entered = told
    assert isinstance(joined, MemberJoined)
    assert isinstance(entered, SpaceEntered)
    assert (joined.user_id, joined.audience) == (cast.mallory.id, Audience.space(SpaceId(cast.space_id)))
    assert (joined.body.version, joined.body.member_count) == (space["version"], 4)
    assert (joined.body.user.nickname, joined.body.role_ids) == ("mallory", [member["id"]])
    assert entered.audience == Audience.user(cast.mallory.id)


async def test_joining_again_changes_nothing(cast: Cast, told: list[Event]) -> None:
    before = await cast.bob.sync()
    for person in cast.members:
        assert (await person.post(f"/spaces/{cast.space_id}/join")).status_code == 200
    assert (await cast.bob.post(f"/spaces/{cast.space_id}/join")).json() == before["spaces"][0]
    assert await cast.bob.sync() == before
    assert not told


async def test_a_private_space_is_joined_by_nobody_and_still_answers_its_members(
    cast: Cast, told: list[Event]
) -> None:
    await _make_private(cast)
    before = await cast.alice.sync()
    told.clear()
    assert await cast.statuses(lambda person: person.post(f"/spaces/{cast.space_id}/join")) == {
        "alice": 200,
        "bob": 200,
        "carol": 200,
        "dave": 404,
        "mallory": 404,
    }
    assert await cast.alice.sync() == before
    assert not told


async def test_leaving_makes_a_stranger(cast: Cast, told: list[Event]) -> None:
    before = await _card(cast.alice, cast.space_id)
    assert (await cast.bob.post(f"/spaces/{cast.space_id}/leave")).status_code == 204
    (left,) = told
    assert isinstance(left, MemberLeft)
    assert (left.user_id, left.joined, left.audience) == (
        cast.bob.id,
        False,
        Audience.space(SpaceId(cast.space_id)),
    )
    assert left.body.model_dump() == {
        "space_id": cast.space_id,
        "version": before["version"] + 1,
        "user_id": cast.bob.id,
        "member_count": 2,
    }
    assert await _card(cast.alice, cast.space_id) == before | {
        "version": before["version"] + 1,
        "member_count": 2,
    }
    assert (await cast.bob.sync())["spaces"] == []
    problem_in(await cast.bob.get(f"/messages/{cast.chat_id}"), 404, "not_found")
    problem_in(await cast.bob.post(f"/spaces/{cast.space_id}/leave"), 404, "not_found")
    assert len(told) == 1


async def test_who_may_leave(cast: Cast) -> None:
    assert await cast.statuses(lambda person: person.post(f"/spaces/{cast.space_id}/leave")) == {
        "alice": 409,
        "bob": 204,
        "carol": 204,
        "dave": 404,
        "mallory": 404,
    }


async def test_an_owner_stays(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    problem_in(await cast.alice.post(f"/spaces/{cast.space_id}/leave"), 409, "owner_cannot_leave")
    assert await cast.alice.sync() == before
    assert not told


async def test_who_comes_back_starts_reading_at_the_end(cast: Cast) -> None:
    for number in range(3):
        await cast.alice.say(cast.chat_id, f"before {number}")
    await cast.bob.post(f"/chats/{cast.chat_id}/read", {"seq": 1})
    await cast.bob.post(f"/spaces/{cast.space_id}/leave")
    await cast.alice.say(cast.chat_id, "meanwhile")
    space = (await cast.bob.post(f"/spaces/{cast.space_id}/join")).json()
    assert (space["chats"][0]["read_seq"], space["chats"][0]["unread"]) == (4, 0)
    await cast.alice.say(cast.chat_id, "after")
    (chat,) = (await cast.bob.sync())["spaces"][0]["chats"]
    assert (chat["read_seq"], chat["unread"]) == (4, 1)


async def test_who_comes_back_has_no_role_of_before(cast: Cast, database: Database) -> None:
    await empower(database, cast.space_id, cast.bob, Permission.DELETE_SPACE)
    await cast.bob.post(f"/spaces/{cast.space_id}/leave")
    await cast.bob.post(f"/spaces/{cast.space_id}/join")
    problem_in(await cast.bob.delete(f"/spaces/{cast.space_id}"), 403, "forbidden")


async def test_who_may_change_a_space(cast: Cast) -> None:
    before = await cast.alice.sync()
    change = {"name": "Planetarium"}
    for person in (cast.bob, cast.carol, *cast.outsiders):
        await person.patch(f"/spaces/{cast.space_id}", change)
    assert await cast.alice.sync() == before
    assert await cast.statuses(lambda person: person.patch(f"/spaces/{cast.space_id}", change)) == {
        "alice": 200,
        "bob": 403,
        "carol": 403,
        "dave": 404,
        "mallory": 404,
    }


async def test_a_refusal_names_the_permission_that_is_missing(cast: Cast, database: Database) -> None:
    for method, path, body, permission in [
        ("PATCH", f"/spaces/{cast.space_id}", {"name": "x"}, "change_info"),
        ("DELETE", f"/spaces/{cast.space_id}", None, "delete_space"),
        ("POST", f"/spaces/{cast.space_id}/chats", {"name": "x"}, "manage_chats"),
        ("PATCH", f"/chats/{cast.chat_id}", {"name": "x"}, "manage_chats"),
        ("DELETE", f"/chats/{cast.chat_id}", None, "manage_chats"),
    ]:
        answer = await cast.bob.request(method, path, json=body)
        assert problem_in(answer, 403, "forbidden")["params"] == {"permission": permission}
    # The refusals were about the permissions and nothing else: whoever has them may.
    allowed = Permission.CHANGE_INFO | Permission.MANAGE_CHATS | Permission.DELETE_SPACE
    await empower(database, cast.space_id, cast.bob, allowed)
    assert (await cast.bob.patch(f"/spaces/{cast.space_id}", {"name": "x"})).status_code == 200
    assert (await cast.bob.post(f"/spaces/{cast.space_id}/chats", {"name": "x"})).status_code == 201
    assert (await cast.bob.patch(f"/chats/{cast.chat_id}", {"name": "x"})).status_code == 200
    assert (await cast.bob.delete(f"/chats/{cast.chat_id}")).status_code == 204
    assert (await cast.bob.delete(f"/spaces/{cast.space_id}")).status_code == 204


async def test_a_change_raises_the_version_once_and_is_told(cast: Cast, told: list[Event]) -> None:
    before = await _card(cast.alice, cast.space_id)
    changes = {"name": "Planetarium", "description": "Звёзды", "visibility": "private"}
    answer = await cast.alice.patch(f"/spaces/{cast.space_id}", changes)
    after = before | changes | {"version": before["version"] + 1}
    assert await _card(cast.bob, cast.space_id) == after
    del after["is_member"]
    assert answer.json() | {"is_member": True} == after | {"is_member": True}
    (updated,) = told
    assert isinstance(updated, SpaceUpdated)
    assert updated.audience == Audience.space(SpaceId(cast.space_id))
    body = updated.body.model_dump(mode="json")
    assert body == {"space_id": cast.space_id, "version": after["version"], "space": after}


async def test_one_field_is_changed_without_the_others(cast: Cast) -> None:
    before = await _card(cast.alice, cast.space_id)
    for number, change in enumerate(
        ({"name": "A"}, {"description": "B"}, {"visibility": "private"}, {"description": ""}), start=1
    ):
        await cast.alice.patch(f"/spaces/{cast.space_id}", change)
        before |= change | {"version": before["version"] + 1}
        assert await _card(cast.alice, cast.space_id) == before, number


@pytest.mark.parametrize(
    "changes",
    [{}, {"name": None}, {"name": "Observatory"}, {"name": " Observatory ", "visibility": "public"}],
)
async def test_a_change_of_nothing_raises_and_tells_nothing(
    cast: Cast, told: list[Event], changes: dict[str, Any]
) -> None:
    before = await _card(cast.alice, cast.space_id)
    answer = await cast.alice.patch(f"/spaces/{cast.space_id}", changes)
    assert answer.status_code == 200
    assert answer.json()["version"] == before["version"]
    assert await _card(cast.alice, cast.space_id) == before
    assert not told


async def test_a_malformed_change_changes_nothing(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    for changes, fault in [
        ({"name": ""}, ("/name", "string_blank")),
        ({"name": "x" * 101}, ("/name", "string_too_long")),
        ({"name": "Fine", "description": "\x00"}, ("/description", "string_nul")),
        ({"visibility": True}, ("/visibility", "enum")),
        ({"version": 7}, ("/version", "extra_forbidden")),
        ({"owner_id": cast.bob.id}, ("/owner_id", "extra_forbidden")),
    ]:
        assert faults_in(await cast.alice.patch(f"/spaces/{cast.space_id}", changes)) == [fault], changes
    assert await cast.alice.sync() == before
    assert not told


async def test_who_may_delete_a_space(cast: Cast) -> None:
    assert await cast.statuses(lambda person: person.delete(f"/spaces/{cast.space_id}")) == {
        "alice": 204,
        "bob": 403,
        "carol": 403,
        "dave": 404,
        "mallory": 404,
    }


async def test_deleting_is_told_to_everybody_once(cast: Cast, told: list[Event]) -> None:
    for person in (cast.bob, cast.mallory):
        await person.delete(f"/spaces/{cast.space_id}")
    assert not told
    await cast.alice.delete(f"/spaces/{cast.space_id}")
    problem_in(await cast.alice.delete(f"/spaces/{cast.space_id}"), 404, "not_found")
    (deleted,) = told
    assert isinstance(deleted, SpaceDeleted)
    assert deleted.audience == deleted.closes == Audience.space(SpaceId(cast.space_id))
    assert deleted.body.model_dump() == {"space_id": cast.space_id}


async def test_everything_in_a_deleted_space_is_gone_from_the_next_request(
    cast: Cast, told: list[Event]
) -> None:
    message = await cast.alice.say(cast.chat_id, "Hello")
    space, chat, said = f"/spaces/{cast.space_id}", f"/chats/{cast.chat_id}", f"/messages/{message['id']}"
    requests: list[tuple[str, str, Any]] = [
        ("GET", space, None),
        ("PATCH", space, {"name": "x"}),
        ("PATCH", space, {}),
        ("DELETE", space, None),
        ("POST", f"{space}/join", None),
        ("POST", f"{space}/leave", None),
        ("GET", f"{space}/participants", None),
        ("GET", f"{space}/my-permissions", None),
        ("GET", f"{space}/chats", None),
        ("POST", f"{space}/chats", {"name": "x"}),
        ("PATCH", chat, {"name": "x"}),
        ("DELETE", chat, None),
        ("GET", f"/messages/{cast.chat_id}", None),
        ("POST", f"/messages/{cast.chat_id}", {"content": "x"}),
        ("PATCH", said, {"content": "x"}),
        ("POST", f"{said}/reaction", {"emoji": "👍"}),
        ("GET", f"{said}/history", None),
        ("POST", f"{chat}/read", {"seq": 1}),
        ("DELETE", said, None),
    ]
    assert (await cast.alice.delete(space)).status_code == 204
    told.clear()
    for person in cast.everybody:
        for method, path, body in requests:
            problem_in(await person.request(method, path, json=body), 404, "not_found")
        assert (await person.sync())["spaces"] == []
        assert (await person.get("/spaces")).json() == {"items": []}
    assert not told


async def test_each_change_raises_the_version_exactly_once(cast: Cast) -> None:
    version = (await _card(cast.alice, cast.space_id))["version"]
    assert version == 1 + 3 + 1, "created, joined by three, left by one"
    changes: list[tuple[Visitor, str, str, Any]] = [
        (cast.mallory, "POST", f"/spaces/{cast.space_id}/join", None),
        (cast.mallory, "POST", f"/spaces/{cast.space_id}/leave", None),
        (cast.alice, "PATCH", f"/spaces/{cast.space_id}", {"description": "x", "visibility": "private"}),
        (cast.alice, "POST", f"/spaces/{cast.space_id}/chats", {"name": "x"}),
        (cast.alice, "PATCH", f"/chats/{cast.chat_id}", {"name": "x", "topic": "y"}),
        (cast.alice, "DELETE", f"/chats/{cast.chat_id}", None),
    ]
    for person, method, path, body in changes:
        assert (await person.request(method, path, json=body)).is_success
        version += 1
        assert (await _card(cast.alice, cast.space_id))["version"] == version, path


async def test_all_who_join_at_once_belong(cast: Cast, visit: Visit, told: list[Event]) -> None:
    people = [await visit(f"guest{number}") for number in range(8)]
    before = await _card(cast.alice, cast.space_id)
    told.clear()
    answers = await asyncio.gather(
        *(person.post(f"/spaces/{cast.space_id}/join") for person in people for _ in range(2))
    )
    assert {answer.status_code for answer in answers} == {200}
    after = await _card(cast.alice, cast.space_id)
    assert (after["member_count"], after["version"]) == (3 + 8, before["version"] + 8)
    joined = [event.body for event in told if isinstance(event, MemberJoined)]
    assert sorted(body.version for body in joined) == list(range(before["version"] + 1, after["version"] + 1))
    assert sorted(body.member_count for body in joined) == list(range(4, 12))
    assert {body.user.id for body in joined} == {person.id for person in people}


async def test_joining_and_leaving_at_once_keeps_the_count_right(cast: Cast, database: Database) -> None:
    for _ in range(5):
        await asyncio.gather(
            *(
                person.post(f"/spaces/{cast.space_id}/{what}")
                for person in (*cast.outsiders, cast.bob)
                for what in ("join", "leave", "join")
            )
        )
        assert (await _card(cast.alice, cast.space_id))["member_count"] == await database.read(
            _count_members, cast.space_id
        )


async def test_who_joins_while_a_space_is_being_deleted_comes_before_it_or_not_at_all(
    cast: Cast, database: Database, told: list[Event]
) -> None:
    for _ in range(10):
        space = (await cast.alice.post("/spaces", {"name": "Den", "visibility": "public"})).json()
        told.clear()
        path = f"/spaces/{space['id']}"
        answers = await asyncio.gather(
            cast.bob.post(f"{path}/join"), cast.alice.delete(path), cast.mallory.post(f"{path}/join")
        )
        assert answers[1].status_code == 204
        assert {answers[0].status_code, answers[2].status_code} <= {200, 404}
        joined = [event for event in told if isinstance(event, MemberJoined)]
        assert await database.read(_count_members, space["id"]) == 1 + len(joined)
        assert await database.read(_version, space["id"]) == 2 + len(joined)
        problem_in(await cast.bob.get(path), 404, "not_found")


async def _count_members(db: Reader, space_id: int) -> int:
    members = select(func.count()).select_from(Member).where(Member.space_id == space_id)
    holders = select(func.count(MemberRole.user_id.distinct())).where(MemberRole.space_id == space_id)
    count: int = await db.scalar(members)
    assert await db.scalar(holders) == count, "every member has a role, and nobody else"
    return count


async def _version(db: Reader, space_id: int) -> int:
    version: int = await db.scalar(select(Space.version).where(Space.id == space_id))
    return version
