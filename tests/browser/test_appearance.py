"""Theme, colour and size: changed at once, kept, and there before anything is painted."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Browse
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

# Nothing is painted before there is a body.
NOTE_APPEARANCE_AT_BODY = """
new MutationObserver((_, observer) => {
  if (!document.body) return;
  globalThis.atBody = { ...document.documentElement.dataset };
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


async def colours(page: Page) -> tuple[str, str, str]:
    """Return the colours of the conversation's ground and of a solid button, and the size of the text."""
    found = await page.evaluate(
        """() => {
          const style = (selector) => getComputedStyle(document.querySelector(selector));
          return [style("main").backgroundColor, style(".rail").color, style("body").fontSize];
        }"""
    )
    return found[0], found[1], found[2]


async def test_what_is_chosen_applies_at_once_and_before_the_next_first_paint(
    browse: Browse, cast: Cast
) -> None:
    alice = await browse("alice", color_scheme="light")
    await alice.context.add_init_script(NOTE_APPEARANCE_AT_BODY)
    page = alice.page
    await alice.open("/settings/appearance")
    await expect(page.get_by_role("radio", name="System")).to_be_checked()
    before = await colours(page)
    for choice in ("Dark", "Turquoise", "Large"):
        await page.get_by_role("radio", name=choice).check()
    chosen = await colours(page)
    assert all(one != other for one, other in zip(before, chosen, strict=True)), (before, chosen)

    await page.reload()
    assert await page.evaluate("atBody") == {"theme": "dark", "scheme": "turquoise", "size": "l"}
    for choice in ("Dark", "Turquoise", "Large"):
        await expect(page.get_by_role("radio", name=choice)).to_be_checked()
    assert await colours(page) == chosen


async def test_the_system_theme_follows_the_system(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice", color_scheme="light")
    await alice.open("/settings/appearance")
    await expect(alice.page.get_by_role("radio", name="System")).to_be_checked()
    light, _, _ = await colours(alice.page)
    await alice.page.emulate_media(color_scheme="dark")
    dark, _, _ = await colours(alice.page)
    assert light != dark
