"""What the other tests rely on: whatever goes wrong in a browser is noticed."""

import asyncio

import pytest

from tests.browser.conftest import Browse

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

MISDEEDS = {
    "console.error('oh no')": "console error: oh no",
    "console.warn('careful')": "console warning: careful",
    "setTimeout(() => { throw new Error('broken') })": "exception: broken",
    "Promise.reject(new Error('nobody cares'))": "exception: nobody cares",
    "document.body.setAttribute('style', 'color: red')": "refused by policy: style-src-attr",
    "document.createElement('script').src = '/x.js'": "TrustedScriptURL",
    "document.body.innerHTML = '<b>x</b>'": "require-trusted-types-for",
    "fetch('http://other.test/')": "refused by policy: connect-src http://other.test/",
    "new WebSocket('ws://other.test/')": "request to another origin: ws://other.test/",
    "open('http://other.test/')": "request to another origin: http://other.test/",
    "alert('hello')": "dialog of the browser: hello",
    "fetch('/auth/me')": "status of 401",
}


async def test_every_misdeed_is_noticed(browse: Browse) -> None:
    visitor = await browse()
    await visitor.open()
    for script, fault in MISDEEDS.items():
        await visitor.page.evaluate(f"() => {{ try {{ void ({script}) }} catch {{}} }}")
        async with asyncio.timeout(10):
            while fault not in "\n".join(visitor.watch.faults):
                await visitor.page.evaluate("null")  # what the browser has told comes before this answer
        visitor.watch.faults.clear()


async def test_what_is_expected_is_no_fault(browse: Browse) -> None:
    visitor = await browse()
    await visitor.open()
    visitor.watch.accept_refusal("/auth/me", 401)
    async with visitor.page.expect_event("console"):
        await visitor.page.evaluate("() => void fetch('/auth/me')")
    assert not visitor.watch.faults
