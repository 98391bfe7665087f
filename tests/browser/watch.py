"""Watches a browser: anything it complains about, and any request to somebody else, is a fault."""

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, WebSocket

TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
REFUSAL = re.compile(r"the server responded with a status of (\d+)")
OUTAGE = re.compile(
    r"net::ERR_(CONNECTION_|INTERNET_DISCONNECTED|NETWORK_|EMPTY_RESPONSE|FAILED)|closed before"
)


class Watch:
    """Everything wrong that happened in one browser context."""

    def __init__(self, origin: str) -> None:
        self.faults: list[str] = []
        self._host = urlsplit(origin).netloc
        self._refusals: set[tuple[str, int]] = set()
        self._accepts_outages = False

    async def follow(self, context: BrowserContext) -> None:
        """Listen to all pages of a context."""
        await context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", self._blame)
        context.on("request", self._check)
        context.on("dialog", self._refuse)
        context.on("page", self._follow_sockets)

    def accept_refusal(self, path: str, status: int) -> None:
        """Let the browser note that the server refused a request, as the test wants it to."""
        self._refusals.add((path, status))

    def accept_outages(self) -> None:
        """Let the browser note that the server cannot be reached."""
        self._accepts_outages = True

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self._is_expected(message):
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _is_expected(self, message: ConsoleMessage) -> bool:
        if self._accepts_outages and OUTAGE.search(message.text):
            return True
        refusal = REFUSAL.search(message.text)
        if refusal is None:
            return False
        path = urlsplit(message.location["url"]).path
        return any(
            re.fullmatch(expected, path) and status == int(refusal[1]) for expected, status in self._refusals
        )

    def _blame(self, error: WebError) -> None:
        self.faults.append(f"exception: {error.error}")

    async def _refuse(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog of the browser: {dialog.message}")
        await dialog.dismiss()

    def _follow_sockets(self, page: Page) -> None:
        page.on("websocket", self._check)

    def _check(self, request: Request | WebSocket) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self._host:
            self.faults.append(f"request to another origin: {request.url}")
