"""A server killed with -9 in the middle of bursts: what it acknowledged is there, once, in order."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.conftest import SECRET
from tests.torture.audit import Stored, audit
from tests.torture.doors import Rest
from tests.torture.people import Ledger, Person, Viewer, check_promises, read_all
from tests.torture.replica import view_of
from tests.torture.scale import TORTURE
from tests.torture.server import Server, serving
from tests.torture.world import Place, make_places, token_of
from thespace.core.actor import Actor
from thespace.db.database import Database
from thespace.settings import Settings

ROUNDS = 50 if TORTURE else 5
BURST = (50, 500) if TORTURE else (30, 250)
"""So many changes are acknowledged before the server is killed."""
SPACES, CHATS, PEOPLE = 4, 2, 16


@pytest.fixture
async def outside(settings: Settings) -> AsyncIterator[Database]:
    """The database, looked at from outside of the server."""
    database = Database(settings.sqlalchemy_url, lambda _events: None, key=SECRET.encode())
    yield database
    await database.close()


@pytest.mark.timeout(3600 if TORTURE else 300)
async def test_what_was_acknowledged_is_there_once_and_everybody_sees_it(
    settings: Settings, outside: Database, tmp_path: Path
) -> None:
    places = await make_places(settings, spaces=SPACES, chats=CHATS, people=PEOPLE)
    random, ledger, began = Random(), Ledger(), time.monotonic()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(settings, tmp_path / "server.log"))
        people = [
            await _person(place, actor, number, server, ledger, stack)
            for place in places
            for number, actor in enumerate(place.people)
        ]
        for round_ in range(ROUNDS):
            await _round(people, server, ledger, random)
            stored = {int(chat): await audit(outside, chat) for place in places for chat in place.chat_ids}
            check_promises(people, ledger, stored)
            await _check_views(people, stored)
            print(f"round {round_ + 1}: {sum(each.last_seq for each in stored.values())} messages")  # noqa: T201
        for person in people:
            if isinstance(person, Viewer):
                await person.close()
        assert not server.complaints
    _print_totals(people, ledger, stored, time.monotonic() - began)


async def _person(
    place: Place, actor: Actor, number: int, server: Server, ledger: Ledger, stack: AsyncExitStack
) -> Person:
    """Return somebody who sends requests, or, every second, somebody with a socket."""
    client = await stack.enter_async_context(httpx.AsyncClient())
    rest = Rest(client, lambda: server.address, lambda: token_of(actor))
    name = f"{place.space_id}.{number}"
    kind = Viewer if number % 2 else Person
    return kind(actor, place, server, rest, ledger, Random(name), name)


async def _round(people: list[Person], server: Server, ledger: Ledger, random: Random) -> None:
    """Let everybody write, kill the server, start it again, and let everybody learn what became of theirs."""
    end = ledger.acknowledged + random.randint(*BURST)
    await server.prepare()
    writing = [
        asyncio.create_task(person.write_until(lambda: ledger.acknowledged >= end)) for person in people
    ]
    await asyncio.wait(writing, return_when=asyncio.FIRST_COMPLETED)  # the others are in the middle of it
    await asyncio.sleep(random.uniform(0, 0.05))
    await server.kill()
    await server.start()
    await asyncio.gather(*writing)


async def _check_views(people: list[Person], stored: dict[int, Stored]) -> None:
    """Compare everybody's copy with what a fresh client reads."""
    viewers = [person for person in people if isinstance(person, Viewer)]
    fresh = {}
    for chat_id, chat in stored.items():
        reader = next(person for person in people if chat_id in person.place.chat_ids)
        fresh[chat_id] = await read_all(reader.rest, chat_id)
        assert fresh[chat_id][1] == chat.revision
    await asyncio.gather(*(v.converge({chat: fresh[chat][1] for chat in v.place.chat_ids}) for v in viewers))
    for viewer in viewers:
        for chat_id in viewer.place.chat_ids:
            assert viewer.replicas[chat_id].view() == view_of(fresh[chat_id][0], viewer.actor.user_id)


def _print_totals(people: list[Person], ledger: Ledger, stored: dict[int, Stored], seconds: float) -> None:
    viewers = [person for person in people if isinstance(person, Viewer)]
    print(  # noqa: T201
        f"\n{ROUNDS} rounds of kill -9 with {len(people)} senders in {seconds:.0f} s: "
        f"{dict(ledger.kinds)} acknowledged, {ledger.retries} retries, "
        f"{sum(ledger.doubtful.values())} doubtful, refused {dict(ledger.refused)}; "
        f"{sum(chat.last_seq for chat in stored.values())} messages stored, "
        f"revisions {sum(chat.revision for chat in stored.values())}; "
        f"heard {dict(sum((v.heard for v in viewers), Counter[str]()))}, "
        f"{sum(v.catch_ups for v in viewers)} catch-ups"
    )
