"""Snapshot and events add up to a fresh snapshot, whatever people do and whatever is lost on the way."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.torture.audit import audit
from tests.torture.faults import LostAnswers
from tests.torture.replica import TIMELINE_EVENTS, Replica, view_of
from tests.torture.scale import TORTURE
from thespace.app import Application
from thespace.chats.commands import create_chat
from thespace.chats.schemas import NewChat
from thespace.core.errors import DomainError
from thespace.core.events import ChatCaughtUp, ChatChanged, Event
from thespace.core.ids import ChatId, MessageId, SpaceId
from thespace.messages import queries
from thespace.messages.queries import caught_up_since, changes_of, page_of
from thespace.messages.schemas import NewMessage, NewReaction
from thespace.realtime.sequencer import Sequencer
from thespace.realtime.wire import Envelope

EXAMPLES = 400 if TORTURE else 25


@dataclass(frozen=True)
class Command:
    """What one of three people does, to one of the messages there are."""

    kind: str
    person: int
    place: int
    text: str
    on: bool | None = None


@dataclass(frozen=True)
class Step:
    """What is done at once. Its COMMIT may not be answered."""

    commands: list[Command]
    is_lost: bool


texts = st.sampled_from(["one", "two words", "a\nb \t c", "я" * 250, "👍 " * 120])
sends = st.builds(
    Command, st.sampled_from(["send", "reply", "again"]), st.integers(0, 2), st.integers(0, 9), texts
)
changes = st.builds(Command, st.sampled_from(["edit", "delete"]), st.integers(0, 2), st.integers(0, 9), texts)
reactions = st.builds(
    Command,
    st.just("react"),
    st.integers(0, 2),
    st.integers(0, 3),
    st.sampled_from(["👍", "🎉"]),
    st.sampled_from([True, False, None]),
)
steps = st.builds(
    Step,
    st.lists(st.one_of(sends, sends, changes, reactions, reactions), min_size=1, max_size=6),
    st.integers(0, 7).map(lambda number: number == 0),
)


def alone(*commands: Command) -> list[Step]:
    return [Step([command], is_lost=False) for command in commands]


EVERYTHING = alone(
    Command("send", 0, 0, "one"),
    Command("react", 1, 0, "👍", True),
    Command("react", 1, 0, "👍", False),
    Command("reply", 1, 0, "two words"),
    Command("edit", 0, 1, "a\nb \t c"),
    Command("delete", 0, 1, ""),
)


@dataclass
class Play:
    """One chat, in which things are done, and what is told about it."""

    application: Application
    cast: Cast
    chat_id: ChatId
    losing: LostAnswers
    ids: list[MessageId]

    async def perform(self, step: Step) -> None:
        self.losing.count = int(step.is_lost)
        await asyncio.gather(*map(self._do, step.commands))
        self.losing.count = 0

    async def _do(self, command: Command) -> None:
        batcher, actor = self.application.batcher, self.cast.members[command.person].actor
        with suppress(DomainError):
            if command.kind in {"send", "reply", "again"} or not self.ids:
                reply_to = self._target(command) if command.kind == "reply" and self.ids else None
                nonce = f"n{command.place % 2}" if command.kind == "again" else None
                new = NewMessage(content=command.text.strip(), nonce=nonce, reply_to=reply_to)
                answer = await batcher.send(actor, self.chat_id, new)
                if answer.id not in self.ids:
                    self.ids.append(MessageId(answer.id))
            elif command.kind == "edit":
                await batcher.edit(actor, self._target(command), command.text.strip())
            elif command.kind == "delete":
                await batcher.delete(actor, self._target(command))
            else:
                emoji = command.text if command.text in "👍🎉" else "👍"
                await batcher.react(actor, self._target(command), NewReaction(emoji=emoji, on=command.on))

    def _target(self, command: Command) -> MessageId:
        return self.ids[-1 - command.place % len(self.ids)]

    async def fresh(self, person: int) -> dict[str, Any]:
        actor = self.cast.members[person].actor
        page = await self.application.database.read(page_of, actor, self.chat_id, limit=1000)
        return page.model_dump(mode="json")

    async def replica(self, person: int) -> Replica:
        replica = Replica(self.cast.members[person].id)
        replica.place([await self.fresh(person)])
        return replica

    async def catch_up(self, replica: Replica, person: int, limit: int) -> None:
        actor, database = self.cast.members[person].actor, self.application.database
        has_more = True
        while has_more:
            found = await database.read(changes_of, actor, self.chat_id, replica.known, limit)
            replica.catch_up(found.model_dump(mode="json"))
            has_more = found.has_more

    def wire(self, events: Sequence[Event]) -> list[Envelope]:
        """Return what sockets would be told of the chat, as its members hear it."""
        envelopes = map(self.application.realtime.wire.envelope, events)
        return [each for each in envelopes if each.chat_id == self.chat_id]


@pytest.fixture
async def play(application: Application, cast: Cast) -> Callable[[], Any]:
    """Begins a play in a chat of its own."""
    losing = LostAnswers()
    losing.attach(application.database)
    names = itertools.count()

    async def begin() -> Play:
        chat = await application.database.write(
            create_chat, cast.alice.actor, SpaceId(cast.space_id), NewChat(name=f"{next(names)}")
        )
        return Play(application, cast, ChatId(chat.id), losing, [])

    return begin


@pytest.mark.timeout(1200)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # what races does not shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=st.lists(steps, max_size=2), after=st.lists(steps, min_size=1, max_size=6), seed=st.integers(0, 99)
)
@example(before=[], after=EVERYTHING, seed=0)
async def test_snapshot_and_events_are_a_fresh_snapshot(
    play: Callable[[], Any], told: list[Event], before: list[Step], after: list[Step], seed: int
) -> None:
    chat: Play = await play()
    random = Random(seed)
    for step in before:
        await chat.perform(step)
    everything, lossy, late = [await chat.replica(person) for person in (0, 1, 2)]
    told.clear()
    for step in after:
        await chat.perform(step)
    await audit(chat.application.database, chat.chat_id)
    envelopes = chat.wire(told)
    fresh = [await chat.fresh(person) for person in (0, 1, 2)]

    await _deliver(chat, envelopes, everything)
    assert not everything.is_behind
    assert everything.known == fresh[0]["revision"]
    assert everything.view() == view_of(fresh[0]["messages"])

    for envelope in random.sample(envelopes, k=random.randrange(len(envelopes) + 1)):  # lost, and shuffled
        lossy.hear(envelope.name, envelope.data)
    await chat.catch_up(lossy, 1, random.choice([1, 2, 3, 500]))
    assert lossy.known == fresh[1]["revision"]
    assert lossy.view() == view_of(fresh[1]["messages"])

    kept = [each for each in envelopes if random.random() < 0.6]
    await _deliver(chat, kept, late, notice=fresh[2]["revision"], chunk=random.choice([1, 2, 500]))
    assert not late.is_behind
    assert late.known == fresh[2]["revision"]
    assert late.view() == view_of(fresh[2]["messages"])


def test_the_replica_knows_every_timeline_event_there_is(application: Application) -> None:
    named = application.realtime.wire.server_events.items()
    names = {each.name for event, each in named if issubclass(event, ChatChanged | ChatCaughtUp)}
    assert names == TIMELINE_EVENTS


async def _deliver(
    chat: Play, envelopes: Sequence[Envelope], replica: Replica, *, notice: int = 0, chunk: int = 500
) -> None:
    """Let a replica hear envelopes as a socket does: in order, with what was lost read once for all."""

    def release(envelope: Envelope) -> None:
        replica.hear(envelope.name, envelope.data)

    timers: list[tuple[Callable[..., object], int]] = []
    gaps: list[int] = []
    sequencer = Sequencer(
        release,
        lambda _seconds, function, chat_id: timers.append((function, chat_id)),
        lambda _chat_id, since: gaps.append(since),
    )
    sequencer.notice(chat.chat_id, replica.known)
    for envelope in envelopes:
        sequencer.accept(envelope)
    if notice:
        sequencer.notice(chat.chat_id, notice)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "MAX_CHANGES", chunk)
        while timers or gaps:
            if timers:
                function, chat_id = timers.pop()
                function(chat_id)
            else:
                event = await chat.application.database.read(caught_up_since, chat.chat_id, gaps.pop())
                caught_up = chat.application.realtime.wire.envelope(event)
                sequencer.caught_up(caught_up, chat.chat_id, event.revision, has_more=event.has_more)
