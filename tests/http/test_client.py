"""The web client's pages and files, and the documentation, all served by us."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.problems import problem_in
from thespace.http.client import IMMUTABLE, NOT_BUILT, install_client
from thespace.http.problems import install_problems

PAGES = ["/", "/s/1", "/s/anything", "/c/1", "/c/1/2", "/settings", "/settings/sessions", "/settings/a/b"]


class _References(HTMLParser):
    """Collects the addresses that a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.addresses += [value for name in ("src", "href") if (value := names.get(name))]
        self.inline += [name for name in names if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.inline.append(tag)


def _references(page: str) -> _References:
    references = _References()
    references.feed(page)
    return references


@pytest.mark.parametrize("path", PAGES)
async def test_the_client_is_at_its_documented_addresses(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]
    assert answer.text == (await client.get("/")).text
    head = await client.head(path)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_loads_only_what_we_serve(client: httpx.AsyncClient, path: str) -> None:
    references = _references((await client.get(path)).text)
    assert references.addresses
    assert not references.inline, "which the policy would refuse"
    for address in references.addresses:
        assert address.startswith("/")
        assert not address.startswith("//")
        assert (await client.get(address)).status_code == 200, address


async def test_files_with_a_hash_in_their_name_are_kept_for_good(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    scripts = [address for address in _references(page).addresses if address.startswith("/assets/")]
    assert len(scripts) >= 3
    for script in scripts:
        answer = await client.get(script, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == IMMUTABLE
        assert re.search(r"-[A-Z0-9]{8}\.(js|css|woff2)$", script)
        if script.endswith(".css"):
            assert answer.headers["content-encoding"] == "gzip"
    missing = await client.get("/assets/main-00000000.js")
    problem_in(missing, 404, "not_found")
    assert missing.headers["cache-control"] == "no-store"


async def test_the_documentation_needs_nobody_else(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert "http" not in page.replace("<!doctype html>", "")
    script = (await client.get("/docs/docs.js")).text
    assert "/openapi.json" in script
    assert "//cdn" not in script
    styles = (await client.get("/docs/swagger-ui.css")).text
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", styles)


async def test_the_description_of_the_api_is_complete(client: httpx.AsyncClient) -> None:
    description: dict[str, Any] = (await client.get("/openapi.json")).json()
    assert "/messages/{id}" in description["paths"]
    operations = [
        operation
        for path in description["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    for operation in operations:
        assert operation["tags"], operation["operationId"]
        assert operation["description"], operation["operationId"]
    assert "/" not in description["paths"], "pages are no part of it"


@pytest.fixture
async def unbuilt(tmp_path: Path) -> httpx.AsyncClient:
    app = FastAPI()
    install_problems(app)
    install_client(app, tmp_path / "static")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://space.test")


async def test_without_a_built_client_the_page_says_how_to_build_it(unbuilt: httpx.AsyncClient) -> None:
    async with unbuilt as client:
        answer = await client.get("/")
        assert (answer.status_code, answer.text) == (503, NOT_BUILT)
