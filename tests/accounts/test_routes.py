import asyncio
import itertools
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pwdlib.hashers.bcrypt import BcryptHasher

from thespace.accounts.commands import Device, open_session
from thespace.accounts.routes import LOGINS, LOGINS_OF_ADDRESS, REGISTRATIONS
from thespace.app import Application
from thespace.core.limits import Limits
from thespace.settings import Registration

START = datetime(2030, 1, 1, tzinfo=UTC)
PASSWORD = "correct horse"
COOKIE = "space_refresh_test"


@pytest.fixture(autouse=True)
def app(application: Application) -> FastAPI:
    """The API with limits, which are off in other tests, and a cookie whose name is known."""
    application.api.state.limits = Limits()
    application.api.state.installation_id = "test"
    return application.api


@asynccontextmanager
async def _browser(app: FastAPI, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, client=(address, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://space.test") as browser:
        yield browser


async def _register(client: httpx.AsyncClient, nickname: str = "alice", **more: Any) -> dict[str, Any]:
    answer = await client.post("/auth/register", json={"nickname": nickname, "password": PASSWORD} | more)
    assert answer.status_code == 201, answer.text
    registered: dict[str, Any] = answer.json()
    return registered


async def _sign_in(client: httpx.AsyncClient, username: str = "alice", **more: str) -> httpx.Response:
    return await client.post("/auth/token", data={"username": username, "password": PASSWORD} | more)


def _bearer(answer: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer['access_token']}"}


def _assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    return problem


async def test_registering_signs_in(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/auth/register",
        json={
            "nickname": "Alice",
            "password": PASSWORD,
            "email": "alice@example.org",
            "display_name": "Алиса",
        },
    )
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"user", "access_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    me = await client.get("/auth/me", headers=_bearer(body))
    assert me.json() == body["user"]
    assert body["user"] == {
        "id": body["user"]["id"],
        "nickname": "Alice",
        "display_name": "Алиса",
        "avatar_url": None,
        "profile_version": 1,
        "email": "alice@example.org",
        "created_at": body["user"]["created_at"],
    }
    assert body["user"]["created_at"].endswith("Z")


async def test_the_refresh_token_is_out_of_reach_of_scripts_and_other_sites(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    answer = await client.post("/auth/register", json={"nickname": "alice", "password": PASSWORD})
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith(COOKIE + "=")
    assert sorted(attributes) == ["HttpOnly", "Max-Age=2592000", "Path=/auth", "SameSite=strict"]
    app.state.settings = app.state.settings.model_copy(update={"public_url": "https://space.test"})
    assert "Secure" in (await _sign_in(client)).headers["set-cookie"].split("; ")


_MALFORMED_ACCOUNTS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "/nickname", "missing"),
    ({"nickname": "al"}, "/nickname", "string_too_short"),
    ({"nickname": 5}, "/nickname", "string_type"),
    ({"nickname": None}, "/nickname", "string_type"),
    ({"nickname": "al ice"}, "/nickname", "nickname_characters"),
    ({"nickname": "everyone"}, "/nickname", "nickname_reserved"),
    ({"nickname": "ali\x00ce"}, "/nickname", "nickname_characters"),
    ({"password": "short"}, "/password", "string_too_short"),
    ({"password": "x" * 1025}, "/password", "string_too_long"),
    ({"password": "12345678\x00"}, "/password", "string_nul"),
    ({"password": ["12345678"]}, "/password", "string_type"),
    ({"email": "nobody"}, "/email", "email"),
    ({"email": ""}, "/email", "email"),
    ({"email": "a@b\x00.org"}, "/email", "email"),
    ({"email": "a" * 250 + "@example.org"}, "/email", "string_too_long"),
    ({"display_name": "  "}, "/display_name", "string_blank"),
    ({"display_name": "a\x00"}, "/display_name", "string_nul"),
    ({"display_name": "x" * 101}, "/display_name", "string_too_long"),
    ({"is_admin": True}, "/is_admin", "extra_forbidden"),
]


async def test_a_malformed_registration_is_pointed_at_and_never_echoed(client: httpx.AsyncClient) -> None:
    for body, pointer, code in _MALFORMED_ACCOUNTS:
        whole = {"nickname": "alice", "password": PASSWORD} | body if body else {"password": PASSWORD}
        answer = await client.post("/auth/register", json=whole)
        problem = _assert_problem(answer, 422, "invalid")
        assert problem["errors"] == [{"pointer": pointer, "code": code}], body
        assert PASSWORD not in answer.text
    assert (await _sign_in(client)).status_code == 401, "nothing was stored"


async def test_a_body_that_is_no_object_is_refused(client: httpx.AsyncClient) -> None:
    surrogate = b'{"nickname":"ali\\ud800ce","password":"12345678"}'
    for body in (b"", b"[]", b"{", b"null", b"NaN", surrogate):
        answer = await client.post(
            "/auth/register", content=body, headers={"Content-Type": "application/json"}
        )
        _assert_problem(answer, 422, "invalid")


async def test_what_is_taken_is_a_conflict_with_a_code(client: httpx.AsyncClient) -> None:
    await _register(client, email="alice@example.org")
    again = {"nickname": "AIice", "password": PASSWORD}
    _assert_problem(await client.post("/auth/register", json=again), 409, "nickname_taken")
    again = {"nickname": "bob", "password": PASSWORD, "email": "ALICE@example.org"}
    _assert_problem(await client.post("/auth/register", json=again), 409, "email_taken")


async def test_hashing_a_password_holds_up_no_writer(
    application: Application, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await _register(client)
    hashing, go = asyncio.Event(), threading.Event()
    loop, hash_password = asyncio.get_running_loop(), BcryptHasher.hash

    def wait(self: BcryptHasher, password: str | bytes, *, salt: bytes | None = None) -> str:
        loop.call_soon_threadsafe(hashing.set)
        go.wait(30)
        return hash_password(self, password, salt=salt)

    monkeypatch.setattr(BcryptHasher, "hash", wait)
    registering = asyncio.create_task(_register(client, "bob"))
    await hashing.wait()
    signed_in = await application.database.write(open_session, alice["user"]["id"], Device("", ""))
    assert signed_in.user.nickname == "alice"
    assert not registering.done()
    go.set()
    assert (await registering)["user"]["nickname"] == "bob"


async def test_nobody_registers_where_registration_is_closed(app: FastAPI, client: httpx.AsyncClient) -> None:
    await _register(client)
    app.state.settings = app.state.settings.model_copy(update={"registration": Registration.CLOSED})
    answer = await client.post("/auth/register", json={"nickname": "bob", "password": PASSWORD})
    _assert_problem(answer, 403, "registration_closed")
    assert (await _sign_in(client)).status_code == 200


async def test_signing_in_by_nickname_or_address(client: httpx.AsyncClient) -> None:
    registered = await _register(client, email="alice@example.org")
    for username in ("alice", "ALICE", " alice ", "alice@example.org", "Alice@Example.org"):
        answer = await _sign_in(client, username)
        assert answer.status_code == 200, username
        assert answer.json()["user"] == registered["user"]
        assert "refresh_token" not in answer.json()
        assert (await client.get("/auth/me", headers=_bearer(answer.json()))).status_code == 200


async def test_the_form_of_any_oauth2_client_is_taken(client: httpx.AsyncClient) -> None:
    await _register(client)
    answer = await _sign_in(client, grant_type="password", scope="", client_id="", client_secret="")
    assert answer.status_code == 200


_MALFORMED_LOGINS = [
    ({"password": PASSWORD}, "/username", "missing"),
    ({"username": "alice"}, "/password", "missing"),
    ({"username": "alice", "password": PASSWORD, "refresh": "elsewhere"}, "/refresh", "literal_error"),
    ({"username": "alice", "password": PASSWORD, "remember": "1"}, "/remember", "extra_forbidden"),
    ({"username": "al\x00ice", "password": PASSWORD}, "/username", "string_nul"),
    ({"username": "a" * 255, "password": PASSWORD}, "/username", "string_too_long"),
    ({"username": "alice", "password": "x" * 1025}, "/password", "string_too_long"),
    ({"username": "alice", "password": PASSWORD, "grant_type": "magic"}, "/grant_type", "literal_error"),
]


async def test_a_malformed_login_is_pointed_at(client: httpx.AsyncClient) -> None:
    for form, pointer, code in _MALFORMED_LOGINS:
        problem = _assert_problem(await client.post("/auth/token", data=form), 422, "invalid")
        assert problem["errors"] == [{"pointer": pointer, "code": code}], form


async def test_a_wrong_nickname_and_a_wrong_password_cannot_be_told_apart(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _register(client, email="alice@example.org")
    verified: list[str] = []
    verify = BcryptHasher.verify

    def count(self: BcryptHasher, password: str | bytes, stored: str | bytes) -> bool:
        verified.append(str(stored))
        return verify(self, password, stored)

    monkeypatch.setattr(BcryptHasher, "verify", count)
    problems = []
    for username, password in [
        ("alice", "wrong horse"),
        ("alice@example.org", "wrong horse"),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("", ""),
    ]:
        answer = await client.post(
            "/auth/token", data={"username": username or " ", "password": password or " "}
        )
        problem = _assert_problem(answer, 401, "wrong_credentials")
        assert "set-cookie" not in answer.headers
        problem.pop("request_id")
        problems.append(problem)
    assert all(problem == problems[0] for problem in problems)
    assert len(verified) == len(problems), "each costs one verification"


async def test_a_client_without_cookies_keeps_the_refresh_token_itself(client: httpx.AsyncClient) -> None:
    await _register(client)
    client.cookies.clear()
    answer = await _sign_in(client, refresh="body")
    assert "set-cookie" not in answer.headers
    for _ in range(3):
        token = answer.json()["refresh_token"]
        answer = await client.post("/auth/refresh", data={"refresh_token": token})
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert answer.json()["refresh_token"] != token
        assert (await client.get("/auth/me", headers=_bearer(answer.json()))).status_code == 200


async def test_a_refresh_token_in_the_form_that_is_no_good_is_refused(client: httpx.AsyncClient) -> None:
    await _register(client)
    for token in ("x", "a.1.b", "\x00", "é" * 50):
        answer = await client.post("/auth/refresh", data={"refresh_token": token})
        _assert_problem(answer, 401, "session_ended")


async def test_a_page_that_is_opened_again_is_still_signed_in(client: httpx.AsyncClient) -> None:
    registered = await _register(client)
    before = client.cookies[COOKIE]
    answer = await client.post("/auth/refresh")
    assert answer.status_code == 200
    assert set(answer.json()) == {"user", "access_token", "token_type", "expires_in"}
    assert answer.json()["user"] == registered["user"]
    assert client.cookies[COOKIE] != before
    assert (await client.get("/auth/me", headers=_bearer(answer.json()))).status_code == 200


async def test_a_browser_that_is_not_signed_in_is_answered_with_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/refresh")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "set-cookie" not in answer.headers


async def test_a_dead_cookie_is_dropped(client: httpx.AsyncClient) -> None:
    for value in ("", "x", "a.1.b", "a" * 4000):
        answer = await client.post("/auth/refresh", headers={"Cookie": f"{COOKIE}={value}"})
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert "Path=/auth" in answer.headers["set-cookie"]


async def test_the_cookie_of_another_installation_on_the_host_is_left_alone(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/auth/refresh", headers={"Cookie": "space_refresh_other=x"})
    assert answer.status_code == 204
    assert "set-cookie" not in answer.headers


async def test_a_copied_cookie_ends_the_session_of_both(app: FastAPI, client: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as now:
        registered = await _register(client)
        copied = client.cookies[COOKIE]
        for _ in range(2):
            assert (await client.post("/auth/refresh")).status_code == 200
        now.shift(60)
        async with _browser(app) as thief:
            answer = await thief.post("/auth/refresh", headers={"Cookie": f"{COOKIE}={copied}"})
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        _assert_problem(await client.get("/auth/me", headers=_bearer(registered)), 401, "session_ended")
        assert (await client.post("/auth/refresh")).status_code == 204


_FOREIGN = [
    {"Origin": "https://evil.test"},
    {"Origin": "http://space.test.evil.test"},
    {"Origin": "http://space.test:8080"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


async def test_pages_of_other_sites_can_use_no_cookie_and_set_none(client: httpx.AsyncClient) -> None:
    registered = await _register(client)
    form = {"username": "alice", "password": PASSWORD}
    body = {"nickname": "bob", "password": PASSWORD}
    for headers in _FOREIGN:
        for path in ("/auth/refresh", "/auth/logout"):
            _assert_problem(await client.post(path, headers=headers), 403, "foreign_origin")
        _assert_problem(await client.post("/auth/token", data=form, headers=headers), 403, "foreign_origin")
        _assert_problem(
            await client.post("/auth/register", json=body, headers=headers), 403, "foreign_origin"
        )
    assert (await client.get("/auth/me", headers=_bearer(registered))).status_code == 200
    assert (await client.post("/auth/refresh")).status_code == 200


_OUR_PAGES: list[dict[str, str]] = [
    {},
    {"Origin": "http://space.test"},
    {"Origin": "https://space.test"},
    {"Origin": "https://chat.example.org"},
    {"Origin": "https://elsewhere.example.org"},
    {"Sec-Fetch-Site": "same-origin"},
]


async def test_pages_of_ours_can_use_the_cookie(app: FastAPI, client: httpx.AsyncClient) -> None:
    ours = {"public_url": "https://chat.example.org", "allowed_origins": ["https://elsewhere.example.org"]}
    await _register(client)
    app.state.settings = app.state.settings.model_copy(update=ours)
    cookie = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}  # by hand: httpx sends no Secure one over http
    for headers in _OUR_PAGES:
        assert (await client.post("/auth/refresh", headers=headers | cookie)).status_code == 200, headers


async def test_logging_out_ends_the_session_and_drops_the_cookie(client: httpx.AsyncClient) -> None:
    registered = await _register(client)
    answer = await client.post("/auth/logout", headers=_bearer(registered))
    assert (answer.status_code, answer.content) == (204, b"")
    assert COOKIE not in client.cookies
    _assert_problem(await client.get("/auth/me", headers=_bearer(registered)), 401, "session_ended")
    assert (await client.post("/auth/logout", headers=_bearer(registered))).status_code == 204, "again"


async def test_logging_out_needs_no_access_token_that_still_lives(client: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as now:
        registered = await _register(client)
        cookie = client.cookies[COOKIE]
        now.shift(timedelta(hours=1))
        _assert_problem(await client.get("/auth/me", headers=_bearer(registered)), 401, "unauthenticated")
        assert (await client.post("/auth/logout", headers=_bearer(registered))).status_code == 204
        refreshed = await client.post("/auth/refresh", headers={"Cookie": f"{COOKIE}={cookie}"})
        assert refreshed.status_code == 204, "a copy of the cookie is worth nothing"


async def test_logging_out_without_cookies(client: httpx.AsyncClient) -> None:
    await _register(client)
    client.cookies.clear()
    one = (await _sign_in(client, refresh="body")).json()
    other = (await _sign_in(client, refresh="body")).json()
    assert (await client.post("/auth/logout", headers=_bearer(one))).status_code == 204
    form = {"refresh_token": other["refresh_token"]}
    assert (await client.post("/auth/logout", data=form)).status_code == 204
    for ended in (one, other):
        _assert_problem(await client.get("/auth/me", headers=_bearer(ended)), 401, "session_ended")


async def test_logging_out_from_nowhere(client: httpx.AsyncClient) -> None:
    assert (await client.post("/auth/logout")).status_code == 204
    forged = {"Authorization": "Bearer forged"}
    _assert_problem(await client.post("/auth/logout", headers=forged), 401, "unauthenticated")


_NO_TOKENS: list[dict[str, str]] = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": "Bearer a.b.c"},
    {"Authorization": "Basic YWxpY2U6eA=="},
    {"Authorization": "Bearer \u00e9"},
]


async def test_who_shows_no_valid_token_is_asked_to_sign_in(client: httpx.AsyncClient) -> None:
    routes = (("GET", "/auth/me"), ("GET", "/auth/sessions"), ("DELETE", "/auth/sessions/x"))
    for headers, (method, path) in itertools.product(_NO_TOKENS, routes):
        encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
        answer = await client.request(method, path, headers=encoded)
        _assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_person_sees_and_ends_their_own_sessions(app: FastAPI, client: httpx.AsyncClient) -> None:
    await _register(client)
    async with _browser(app, "2001:db8::7") as phone:
        phone.headers["User-Agent"] = "Phone\x7f " + "x" * 400
        on_phone = (await _sign_in(phone)).json()
    here = (await client.post("/auth/refresh")).json()
    sessions = (await client.get("/auth/sessions", headers=_bearer(here))).json()["items"]
    assert [card["is_current"] for card in sessions] == [True, False]
    assert [card["address"] for card in sessions] == ["127.0.0.1", "2001:db8::7"]
    assert sessions[1]["user_agent"] == "Phone " + "x" * 294
    path = f"/auth/sessions/{sessions[1]['id']}"
    for _ in range(2):
        assert (await client.delete(path, headers=_bearer(here))).status_code == 204
    _assert_problem(await client.get("/auth/me", headers=_bearer(on_phone)), 401, "session_ended")
    left = (await client.get("/auth/sessions", headers=_bearer(here))).json()["items"]
    assert [card["id"] for card in left] == [sessions[0]["id"]]


async def test_nobody_sees_or_ends_the_sessions_of_others(app: FastAPI, client: httpx.AsyncClient) -> None:
    alice = await _register(client)
    [session] = (await client.get("/auth/sessions", headers=_bearer(alice))).json()["items"]
    async with _browser(app) as other:
        mallory = await _register(other, "mallory")
        [hers] = (await other.get("/auth/sessions", headers=_bearer(mallory))).json()["items"]
        assert hers["id"] != session["id"]
        for session_id in (session["id"], "nobodys", "%00", "x" * 65, "'--"):
            answer = await other.delete(f"/auth/sessions/{session_id}", headers=_bearer(mallory))
            _assert_problem(answer, 404, "not_found")
    assert (await client.get("/auth/me", headers=_bearer(alice))).status_code == 200


async def test_after_five_wrong_logins_the_sixth_has_to_wait(app: FastAPI, client: httpx.AsyncClient) -> None:
    await _register(client)
    await _register(client, "bob")
    for _ in range(LOGINS.times):
        _assert_problem(await _sign_in(client, password="wrong horse"), 401, "wrong_credentials")
    answer = await _sign_in(client)
    problem = _assert_problem(answer, 429, "rate_limited")
    assert problem["retryable"]
    assert 0 < int(answer.headers["retry-after"]) == problem["params"]["retry_after_seconds"] <= 900
    _assert_problem(await _sign_in(client, "ALICE"), 429, "rate_limited")
    assert (await _sign_in(client, "bob")).status_code == 200, "another account"
    async with _browser(app, "203.0.113.5") as elsewhere:
        assert (await _sign_in(elsewhere)).status_code == 200, "another address: nobody is locked out"


async def test_tries_at_once_are_counted_before_they_are_verified(client: httpx.AsyncClient) -> None:
    await _register(client)
    answers = await asyncio.gather(*(_sign_in(client, password="wrong horse") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_signing_in_forgets_the_wrong_tries_before(client: httpx.AsyncClient) -> None:
    await _register(client)
    for _ in range(3):
        for _ in range(LOGINS.times - 1):
            assert (await _sign_in(client, password="wrong horse")).status_code == 401
        assert (await _sign_in(client)).status_code == 200


async def test_one_password_cannot_be_tried_on_everybody(client: httpx.AsyncClient) -> None:
    for number in range(LOGINS_OF_ADDRESS.times):
        assert (await _sign_in(client, f"person{number}")).status_code == 401
    _assert_problem(await _sign_in(client, "one_more"), 429, "rate_limited")


async def test_an_address_registers_ten_accounts_an_hour(app: FastAPI, client: httpx.AsyncClient) -> None:
    for number in range(REGISTRATIONS.times):
        await _register(client, f"person{number}")
    one_more = {"nickname": "one_more", "password": PASSWORD}
    answer = await client.post("/auth/register", json=one_more)
    _assert_problem(answer, 429, "rate_limited")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    async with _browser(app, "203.0.113.5") as elsewhere:
        await _register(elsewhere, "one_more")


async def test_behind_a_proxy_everybody_has_an_address_of_their_own(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.5"}
    for number in range(REGISTRATIONS.times):
        client.headers["X-Forwarded-For"] = f"203.0.113.{number}"
        await _register(client, f"person{number}")
    one_more = {"nickname": "one_more", "password": PASSWORD}
    answer = await client.post("/auth/register", json=one_more, headers=forwarded)
    _assert_problem(answer, 429, "rate_limited")
    trusted = {"trusted_proxies": [ip_network("127.0.0.0/8")]}
    app.state.settings = app.state.settings.model_copy(update=trusted)
    answer = await client.post("/auth/register", json=one_more, headers=forwarded)
    assert answer.status_code == 201
    [session] = (await client.get("/auth/sessions", headers=_bearer(answer.json()))).json()["items"]
    assert session["address"] == "203.0.113.5"


async def test_load_tests_may_switch_the_limits_off(app: FastAPI, client: httpx.AsyncClient) -> None:
    app.state.limits = Limits(enabled=False)
    for _ in range(LOGINS.times + 1):
        assert (await _sign_in(client, password="wrong horse")).status_code == 401


async def test_a_form_without_end_is_refused(client: httpx.AsyncClient) -> None:
    for path in ("/auth/token", "/auth/refresh", "/auth/logout"):
        answer = await client.post(path, data={"username": "alice", "password": "x" * 1_000_000})
        _assert_problem(answer, 413, "too_large")


_hostile = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(st.characters(codec=None)),
    st.lists(st.text(), max_size=2),
    st.sampled_from(["alice", PASSWORD, "alice@example.org", "\x00", "\ud800", "ﷺ" * 32, "x" * 2000]),
)
_FIELDS = ("nickname", "password", "email", "display_name", "invite_code")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(_FIELDS), _hostile))
async def test_whatever_is_sent_to_register_gets_an_account_or_a_problem(
    app: FastAPI, client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    app.state.limits = Limits(enabled=False)
    answer = await client.post(
        "/auth/register", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {201, 409, 422}, answer.text
    assert answer.status_code == 201 or answer.headers["content-type"] == "application/problem+json"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/auth/token", "/auth/refresh", "/auth/logout"]),
    form=st.dictionaries(
        st.sampled_from(["username", "password", "refresh", "refresh_token", "grant_type", "scope"]),
        st.text(),
    ),
    cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126)),
)
async def test_whatever_is_sent_to_sign_in_is_answered_or_refused(
    app: FastAPI, client: httpx.AsyncClient, path: str, form: dict[str, str], cookie: str
) -> None:
    app.state.limits = Limits(enabled=False)
    answer = await client.post(path, data=form, headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code in {204, 401, 422}, answer.text
