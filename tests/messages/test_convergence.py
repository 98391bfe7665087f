"""Whatever people do: what a client knew, with the events since, is what it would fetch afresh."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, Visitor
from tests.messages.replica import Replica, comparable
from tests.messages.timeline import page_of
from thespace.core.events import ChatChanged, Event

EMOJI = ("👍", "🎉", "❤️")
people = st.integers(0, 2)
targets = st.integers(0, 30)
texts = st.text("ab \n𝄞", min_size=1, max_size=8).filter(str.strip)
commands = st.one_of(
    st.tuples(st.just("send"), people, texts, st.none() | targets),
    st.tuples(st.just("send again"), people, texts, st.integers(0, 2)),
    st.tuples(st.just("edit"), people, texts, targets),
    st.tuples(st.just("edit own"), people, texts, targets),
    st.tuples(st.just("delete"), people, st.none(), targets),
    st.tuples(st.just("react"), people, st.sampled_from(EMOJI), targets),
    st.tuples(st.just("take back"), people, st.sampled_from(EMOJI), targets),
    st.tuples(st.just("toggle"), people, st.sampled_from(EMOJI), targets),
    st.tuples(st.just("read"), people, st.none(), targets),
)
at_once = st.lists(commands, min_size=1, max_size=4)


class Story:
    """What people do in one chat."""

    def __init__(self, cast: Cast, chat_id: int) -> None:
        self._cast = cast
        self.chat_id = chat_id
        self._messages: list[Any] = []

    async def happen(self, group: list[Any]) -> None:
        """Let some commands race; none may fail in a way that nobody planned."""
        answers = await asyncio.gather(*(self._do(*command) for command in group))
        assert {answer.status_code for answer in answers} <= {200, 201, 204, 403, 409}
        self._messages += [a.json() for a in answers if a.status_code == 201]

    async def _do(self, name: str, person: int, value: Any, number: int | None) -> Any:
        who = self._cast.members[person]
        if name == "send again":
            nonce = {"nonce": f"n{number}"}
            return await who.post(f"/messages/{self.chat_id}", {"content": value} | nonce)
        if name == "send":
            reply = {"reply_to": self._target(number)["id"]} if number is not None and self._messages else {}
            return await who.post(f"/messages/{self.chat_id}", {"content": value} | reply)
        if name == "read" or not self._messages:
            return await who.post(f"/chats/{self.chat_id}/read", {"seq": number})
        return await self._change(name, who, value, self._target(number))

    def _target(self, number: int | None) -> Any:
        return self._messages[(number or 0) % len(self._messages)]

    async def _change(self, name: str, who: Visitor, value: Any, message: Any) -> Any:
        path = f"/messages/{message['id']}"
        author = {person.id: person for person in self._cast.members}[message["author"]["id"]]
        match name:
            case "edit" | "edit own":
                editor = who if name == "edit" else author
                return await editor.patch(path, {"content": value})
            case "delete":
                return await who.delete(path)
            case _:
                on = {"react": True, "take back": False, "toggle": None}[name]
                return await who.post(f"{path}/reaction", {"emoji": value, "on": on})


# The database stays from one example to the next; each has a chat of its own.
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(at_once, min_size=1, max_size=6))
async def test_state_before_and_events_are_the_state_fetched_afresh(
    cast: Cast, told: list[Event], groups: list[Any]
) -> None:
    answer = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "story"})
    story = Story(cast, answer.json()["id"])
    readers = {person.id: person for person in (cast.bob, cast.carol)}
    replicas = [Replica(reader_id) for reader_id in readers]
    slept = [replica.copy() for replica in replicas]
    for number, group in enumerate(groups):
        told.clear()
        await story.happen(group)
        events = [event for event in told if isinstance(event, ChatChanged)]
        for replica in replicas:
            for event in sorted(events, key=lambda each: each.revision):
                replica.apply(event)
            fresh = await page_of(readers[replica.reader_id], story.chat_id)
            assert replica.page() == comparable(fresh)
            assert [message["seq"] for message in fresh["messages"]] == [*range(1, fresh["last_seq"] + 1)]
        if number == len(groups) // 2:
            slept = [replica.copy() for replica in replicas]
    for sleeper, replica in zip(slept, replicas, strict=True):
        path = f"/messages/{story.chat_id}/changes?since={sleeper.revision}"
        sleeper.catch_up((await readers[sleeper.reader_id].get(path)).json())
        assert sleeper.page() == replica.page()
