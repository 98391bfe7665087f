"""What all answers have in common: security headers, a request's id, problems for all that goes wrong."""

import logging
import re
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.cast import Cast, Visitor
from tests.problems import problem_in
from thespace.app import Application
from thespace.http.context import CLIENT_POLICY, DOCS_POLICY
from thespace.settings import Settings

SECRET = "1f0e3dad99908345f7439f8ffabdffc4"
KINDS_OF_ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/healthz", 200),
    ("GET", "/config", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/docs/docs.js", 200),
    ("GET", "/favicon.svg", 200),
    ("POST", "/auth/refresh", 204),
    ("GET", "/spaces/", 307),
    ("GET", "/sync", 401),
    ("GET", "/nowhere", 404),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/docs/nothing.js", 404),
    ("PUT", "/spaces", 405),
    ("POST", "/assets/nothing.js", 405),
    ("POST", "/auth/register", 422),
]


def _directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (directive.split() for directive in policy.split(";"))}


@pytest.mark.parametrize(("method", "path", "status"), KINDS_OF_ANSWERS)
async def test_every_kind_of_answer_has_the_security_headers(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    policy = DOCS_POLICY if path.startswith("/docs") else CLIENT_POLICY
    assert answer.headers["content-security-policy"] == policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "microphone=(self)" in answer.headers["permissions-policy"]
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert answer.headers["cache-control"]
    assert "strict-transport-security" not in answer.headers, "which means nothing over http"
    assert "cross-origin-opener-policy" not in answer.headers
    assert "server" not in answer.headers


def test_the_policy_of_the_client_lets_nothing_in_from_elsewhere() -> None:
    policy = _directives(CLIENT_POLICY)
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["lit-html", "dompurify"]
    sources = {source for values in policy.values() for source in values}
    assert not sources & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"}


def test_the_policy_of_the_documentation_keeps_scripts_ours() -> None:
    policy = _directives(DOCS_POLICY)
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["connect-src"] == ["'self'"]


async def test_over_https_browsers_are_told_to_stay_there(settings: Settings) -> None:
    secure = settings.model_copy(update={"public_url": "https://space.example.org"})
    api = Application(secure, SECRET).api
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://space.test") as client:
        answer = await client.get("/healthz")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


async def test_each_request_has_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    answers = [await client.get("/nowhere", headers={"X-Request-ID": "mine"}) for _ in range(3)]
    assert len({answer.json()["request_id"] for answer in answers} | {"mine"}) == 4


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/s",
        "/s/",
        "/s/1/2",
        "/c/",
        "/c/1/2/3",
        "/index.html",
        "/docs/",
        "/docs/../pyproject.toml",
        "/docs/%2e%2e/index.html",
        "/docs/..%2f..%2fapp.py",
        "/assets/",
        "/assets/%00",
        "/assets/..%2findex.html",
        "/assets//etc/passwd",
        "/assets/" + "a" * 5000,
        "/metrics",
        "/admin",
        "/.env",
        "/%ff",
        "/%00",
        "//evil.example",
        "/redoc",
        "/static/index.html",
        "/socket.io.js",
    ],
)
async def test_what_is_not_there_is_a_problem_and_no_page(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "HEAD"):
        request = client.build_request(method, "http://space.test/")
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = await client.send(request)
        if method == "GET":
            problem_in(answer, 404, "not_found")
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/spaces", "GET, POST"),
        ("DELETE", "/healthz", "GET"),
        ("GET", "/auth/token", "POST"),
        ("POST", "/docs", "GET, HEAD"),
        ("OPTIONS", "/sync", "GET"),
        ("BREW", "/sync", "GET"),
    ],
)
async def test_a_method_that_an_address_does_not_know_is_a_problem_that_names_the_others(
    client: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)
    problem_in(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) <= set(allowed.split(", "))


async def test_a_missing_or_forged_token_is_a_problem(cast: Cast, client: httpx.AsyncClient) -> None:
    header, payload, signature = cast.alice.token.split(".")
    tokens = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer ....",
        f"Basic {cast.alice.token}",
        cast.alice.token,
        f"Bearer {header}.{payload}.",
        f"Bearer {header}.{payload}.{signature[:-4]}AAAA",
        f"Bearer {header}.{payload[:-2]}.{signature}",
        f"Bearer eyJhbGciOiJub25lIn0.{payload}.",
        "Bearer " + "a" * 10_000,
        "Bearer é".encode().decode("latin-1"),
    ]
    for token in tokens:
        answer = await client.get("/sync", headers={b"Authorization": token.encode("latin-1")})
        problem_in(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (await client.get("/sync", headers={"Authorization": f"bearer {cast.alice.token}"})).is_success


async def test_an_exception_nobody_expected_says_nothing_and_is_logged_once(
    application: Application,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("the password of the database is hunter2")

    monkeypatch.setattr("thespace.spaces.routes.list_spaces", fail)
    transport = httpx.ASGITransport(application.api, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://space.test") as client:
        cast.alice.client = client
        with capture_logs() as logs, caplog.at_level(logging.WARNING):
            answer = await cast.alice.get("/spaces")
    problem = problem_in(answer, 500, "internal")
    assert (problem["detail"], problem["params"], problem["errors"]) == ("", {}, [])
    assert "hunter2" not in answer.text
    assert answer.headers["content-security-policy"] == CLIENT_POLICY
    assert [(log["event"], log["log_level"], log["path"]) for log in logs] == [
        ("request_failed", "error", "/spaces")
    ]
    assert not caplog.records, "nobody else logs it again"


async def test_refusals_are_not_logged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logs, caplog.at_level(logging.INFO, "thespace"):
        await cast.mallory.get(f"/messages/{cast.chat_id}")
        await cast.bob.delete(f"/spaces/{cast.space_id}")
        await cast.bob.post("/spaces", {"name": ""})
    assert not logs


async def test_readiness_is_told_to_anybody(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/readyz"):
        assert (await client.get(path)).json() == {"status": "ok"}


async def test_another_origin_is_let_in_only_when_the_operator_named_it(settings: Settings) -> None:
    named = settings.model_copy(update={"allowed_origins": ["https://front.example"]})
    api = Application(named, SECRET).api
    ask = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "Authorization"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://space.test") as client:
        allowed = await client.options("/spaces/1", headers={"Origin": "https://front.example"} | ask)
        refused = await client.options("/spaces/1", headers={"Origin": "https://evil.example"} | ask)
        read = await client.get("/healthz", headers={"Origin": "https://front.example"})
        spied = await client.get("/healthz", headers={"Origin": "https://evil.example"})
        problem = await client.get("/sync", headers={"Origin": "https://front.example"})
    assert allowed.status_code == 200
    for answer in (allowed, read, problem):
        assert answer.headers["access-control-allow-origin"] == "https://front.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
    for answer in (refused, spied):
        assert "access-control-allow-origin" not in answer.headers


async def test_without_named_origins_nobody_else_is_let_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_one_persons_token_never_answers_for_another(cast: Cast) -> None:
    async def nickname(visitor: Visitor) -> str:
        name: str = (await visitor.get("/auth/me")).json()["nickname"]
        return name

    assert [await nickname(person) for person in cast.everybody] == [
        person.nickname for person in cast.everybody
    ]
