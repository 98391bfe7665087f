"""What writing costs at the command: the batcher beside one ORM transaction per change."""

from collections.abc import Awaitable, Callable
from functools import partial

from rich.progress import Progress

from bench.counting import StatementCount
from bench.reference import OneByOne
from bench.turns import Comparison, Span, Way, compare
from bench.world import PEOPLE, World, fill
from thespace.core.ids import ChatId, MessageId
from thespace.messages.batcher import Batcher
from thespace.messages.schemas import MessageOut, NewMessage, NewReaction

CONTENT = "Hello, this is a message, as long as most of them are."
Writer = Batcher | OneByOne
Write = Callable[[Writer, int, int], Awaitable[object]]
"""What a writer is told to write for a person, and how often that person has written before."""


async def writes(
    world: World, count: StatementCount, *, history: int, span: Span, progress: Progress
) -> list[Comparison]:
    """Compare sends, by a lone sender and by many, in a chat without and with a history; edits; reactions."""
    batcher = world.application.batcher
    one_by_one = OneByOne(world.application.database)
    own = [await _own_message(world, person) for person in range(PEOPLE)]

    async def compared(name: str, people: int, write: Write) -> Comparison:
        ours, reference = (Way(partial(write, writer), count) for writer in (batcher, one_by_one))
        return await compare(name, people, ours, reference, span=span, progress=progress)

    def send(writer: Writer, person: int, _: int) -> Awaitable[object]:
        return _send(world, writer, person, world.group_of(person))

    def send_to_new(writer: Writer, person: int, _: int) -> Awaitable[object]:
        return _send(world, writer, person, world.new_chat)

    def send_to_long(writer: Writer, person: int, _: int) -> Awaitable[object]:
        return _send(world, writer, person, world.long_chat)

    def edit(writer: Writer, person: int, time: int) -> Awaitable[object]:
        return writer.edit(world.people[person], own[person], f"{CONTENT} {time}")

    def react(writer: Writer, person: int, _: int) -> Awaitable[object]:
        return writer.react(world.people[person], own[person], NewReaction(emoji="👍"))

    try:
        with count.counting():
            comparisons = [
                await compared("send, 1 sender", 1, send),
                await compared(f"send, {PEOPLE} senders", PEOPLE, send),
                await compared(f"send, {PEOPLE}, one new chat", PEOPLE, send_to_new),
            ]
            await fill(world, history, progress)
            return [
                *comparisons,
                await compared(f"send, {PEOPLE}, chat of {history:,}", PEOPLE, send_to_long),
                await compared(f"edit, {PEOPLE} people", PEOPLE, edit),
                await compared(f"react, {PEOPLE} people", PEOPLE, react),
            ]
    finally:
        await one_by_one.close()


def _send(world: World, writer: Writer, person: int, chat_id: ChatId) -> Awaitable[object]:
    return writer.send(world.people[person], chat_id, NewMessage(content=CONTENT))


async def _own_message(world: World, person: int) -> MessageId:
    sent = await _send(world, world.application.batcher, person, world.group_of(person))
    assert isinstance(sent, MessageOut)
    return MessageId(sent.id)
