"""One Chromium for all browser tests of a worker; for each test a server, and browsers that are watched.

All of it lives on the session's event loop, so the tests have to as well.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Generator
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.person import Person
from tests.browser.phrases import Language
from tests.browser.site import Site
from tests.browser.watch import Watch
from tests.cast import Cast
from tests.servers.chromium import find_chromium, launch_arguments
from thespace.settings import Settings

# A name of the local network: plain http on it is no secure context.
LAN_HOST = "space.lan"

HAS_FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=15_000)


class Browse(Protocol):
    """Opens a browser of a person's own; signed in when a nickname is given."""

    def __call__(
        self, nickname: str | None = None, *, language: Language = "en", host: str = ..., **options: Any
    ) -> Awaitable[Person]: ...


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = await asyncio.to_thread(find_chromium)
    arguments = [*launch_arguments(), f"--host-resolver-rules=MAP {LAN_HOST} 127.0.0.1"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(settings: Settings) -> AsyncIterator[Site]:
    site = Site(settings)
    await site.start()
    yield site
    await site.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site.origin) as client:
        yield client


@pytest.fixture
def cast(peopled: tuple[str, Cast], site: Site, client: httpx.AsyncClient) -> Cast:
    _, cast = peopled
    return cast.visiting(client, site.application.tokens)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[HAS_FAILED] = report.failed
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def browse(
    chromium: Browser, site: Site, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Browse]:
    """Opens browsers; at the end nothing may have gone wrong in them. A failed test leaves pictures."""
    people: list[Person] = []

    async def open_browser(
        nickname: str | None = None, *, language: Language = "en", host: str = "127.0.0.1", **options: Any
    ) -> Person:
        origin = f"http://{host}:{site.port}"
        context = await chromium.new_context(
            **{"locale": {"en": "en-GB", "ru": "ru-RU"}[language], "viewport": {"width": 1440, "height": 900}}
            | options
        )
        watch = Watch(origin)
        await watch.follow(context)
        person = Person(context, await context.new_page(), watch, origin, language)
        people.append(person)
        if nickname:
            await person.be(nickname)
        return person

    yield open_browser
    faults = [fault for person in people for fault in person.watch.faults]
    for number, person in enumerate(people):
        if request.node.stash.get(HAS_FAILED, False):
            await person.page.screenshot(path=tmp_path / f"{number}.png")
        await person.context.close()
    assert not faults, "\n".join(faults)
