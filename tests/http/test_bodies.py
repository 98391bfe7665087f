"""What people may send instead of a proper body: a problem says where it is wrong, and nothing changes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.problems import faults_in, problem_in
from thespace.core.events import Event
from thespace.http.bodies import MAX_BODY_BYTES

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DEEP = "[" * 20 + "]" * 20


async def test_every_fault_in_a_message_is_pointed_at_and_nothing_is_sent(
    cast: Cast, told: list[Event]
) -> None:
    before = await cast.alice.sync()
    faults: list[tuple[Any, str, str]] = [
        ({}, "/content", "missing"),
        ({"content": ""}, "/content", "string_blank"),
        ({"content": " \n\t\u200b\u2800\ufeff\x01"}, "/content", "string_blank"),
        ({"content": "x" * 8001}, "/content", "string_too_long"),
        ({"content": "😀" * 8001}, "/content", "string_too_long"),
        ({"content": "a\x00b"}, "/content", "string_nul"),
        ({"content": None}, "/content", "string_type"),
        ({"content": 5}, "/content", "string_type"),
        ({"content": True}, "/content", "string_type"),
        ({"content": ["a"]}, "/content", "string_type"),
        ({"content": {"a": "b"}}, "/content", "string_type"),
        ({"content": "a", "reply_to": 0}, "/reply_to", "greater_than_equal"),
        ({"content": "a", "reply_to": -1}, "/reply_to", "greater_than_equal"),
        ({"content": "a", "reply_to": 2**53}, "/reply_to", "less_than_equal"),
        ({"content": "a", "reply_to": "1"}, "/reply_to", "int_type"),
        ({"content": "a", "reply_to": True}, "/reply_to", "int_type"),
        ({"content": "a", "reply_to": 1.0}, "/reply_to", "int_type"),
        ({"content": "a", "reply_to": [1]}, "/reply_to", "int_type"),
        ({"content": "a", "reply_to": 999}, "/reply_to", "unknown_message"),
        ({"content": "a", "nonce": ""}, "/nonce", "string_too_short"),
        ({"content": "a", "nonce": "x" * 65}, "/nonce", "string_too_long"),
        ({"content": "a", "nonce": "~a"}, "/nonce", "nonce_reserved"),
        ({"content": "a", "nonce": "a\x00"}, "/nonce", "string_nul"),
        ({"content": "a", "nonce": 7}, "/nonce", "string_type"),
        ({"content": "a", "author_id": 1}, "/author_id", "extra_forbidden"),
        ({"content": "a", "a/b~c": 1}, "/a~1b~0c", "extra_forbidden"),
        ([], "", "model_attributes_type"),
        ("content", "", "model_attributes_type"),
        (None, "", "model_attributes_type"),
    ]
    for body, pointer, code in faults:
        answer = await cast.alice.post(
            f"/messages/{cast.chat_id}", headers=JSON, content=json.dumps(body).encode()
        )
        assert faults_in(answer) == [(pointer, code)], body
    assert await cast.alice.sync() == before
    assert not told


async def test_several_faults_are_all_pointed_at(cast: Cast) -> None:
    body = {"content": "", "nonce": 5, "extra": 1}
    assert faults_in(await cast.alice.post(f"/messages/{cast.chat_id}", body)) == [
        ("/content", "string_blank"),
        ("/nonce", "string_type"),
        ("/extra", "extra_forbidden"),
    ]


@pytest.mark.parametrize("content", ["😀" * 8000, "x" * 8000, "a\u202eb", "\ufffd", "'; DROP TABLE--"])
async def test_what_looks_hostile_and_is_not_is_kept_as_written(cast: Cast, content: str) -> None:
    await cast.alice.say(cast.chat_id, content)
    page = (await cast.bob.get(f"/messages/{cast.chat_id}")).json()
    assert page["messages"][0]["content"] == content


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "text/x+json"]
)
async def test_what_is_no_json_is_refused(cast: Cast, told: list[Event], content_type: str) -> None:
    for body in (
        b"{",
        b"content",
        b'{"content": NaN}',
        b'{"content": "a", "reply_to": Infinity}',
        b'{"content": "a", "reply_to": 1e999}',
        b'{"content": "a", "reply_to": ' + b"9" * 5000 + b"}",
        b'{"content": "\\ud800"}',
        b'{"content": "\\udc00\\ud800"}',
        b'{"\\ud800": 1, "content": "a"}',
        b'{"content": "\xff"}',
        b'{"content": "\xed\xa0\x80"}',
        b'{"content": "a\nb"}',
        b"{'content': 'a'}",
        b'{"content": "a",}',
        b'{"content": "a"} {}',
        b'\xef\xbb\xbf{"content": "a"}',
        '{"content": "a"}'.encode("utf-16"),
        b"\x00" * 100,
        b"[" * 50_000 + b"]" * 50_000,
        b'{"a":' * 20_000,
    ):
        answer = await cast.alice.post(
            f"/messages/{cast.chat_id}", content=body, headers={"Content-Type": content_type}
        )
        assert faults_in(answer)[0][1] in {"json_invalid", "model_attributes_type"}, body[:40]
    assert not told


async def test_json_nests_at_most_twenty_deep(cast: Cast) -> None:
    path = f"/messages/{cast.chat_id}"
    at_bound = await cast.alice.post(path, headers=JSON, content=f'{{"content": {DEEP[1:-1]}}}'.encode())
    assert faults_in(at_bound) == [("/content", "string_type")]
    beyond = await cast.alice.post(path, headers=JSON, content=f'{{"content": {DEEP}}}'.encode())
    assert faults_in(beyond) == [("", "json_too_deep")]


async def test_a_body_of_another_kind_is_not_taken_for_json(cast: Cast, told: list[Event]) -> None:
    body = b'{"content": "a"}'
    for content_type in ("text/plain", "", "multipart/form-data; boundary=x", "image/png", "nonsense"):
        answer = await cast.alice.post(
            f"/messages/{cast.chat_id}", content=body, headers={"Content-Type": content_type}
        )
        assert faults_in(answer) == [("", "model_attributes_type")], content_type
    assert not told


@pytest.mark.parametrize("headers", [JSON, FORM, {"Content-Type": "text/plain"}, {}])
async def test_a_body_has_at_most_128_kib(cast: Cast, told: list[Event], headers: dict[str, str]) -> None:
    for path in (f"/messages/{cast.chat_id}", "/auth/token", "/auth/logout", "/nowhere"):
        answer = await cast.alice.post(path, content=b"a" * (MAX_BODY_BYTES + 1), headers=headers)
        assert problem_in(answer, 413, "too_large")["params"] == {"max_bytes": MAX_BODY_BYTES}
    assert not told


async def test_a_body_that_is_much_too_large_is_answered_before_its_connection_ends(server: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b"a" * 65_536

    async with httpx.AsyncClient(base_url=server) as real:
        problem_in(await real.post("/auth/token", content=pieces(), headers=FORM), 413, "too_large")
        assert (await real.get("/healthz")).json() == {"status": "ok"}


async def test_malformed_forms_are_refused(client: httpx.AsyncClient) -> None:
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    cases: list[tuple[bytes, dict[str, str]]] = [
        (b"", FORM),
        (b"%", FORM),
        (b"&&&===", FORM),
        (b"username=a", FORM),
        (b"username=%00&password=x", FORM),
        (b"username=a&password=x&refresh=maybe", FORM),
        (b"username=a&password=x&admin=1", FORM),
        (b"username=a&password=x&grant_type=client_credentials", FORM),
        (b"a=1&" * 2000, FORM),
        (b'{"username": "a", "password": "x"}', JSON),
        (b"username=a&password=x", {"Content-Type": "text/plain"}),
        (b"garbage", multipart),
        (b"--x\r\n", multipart),
        (b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na', multipart),
        (
            b'--x\r\nContent-Disposition: form-data; name="username"; filename="f"\r\n\r\na\r\n--x--',
            multipart,
        ),
        (b"--x--", {"Content-Type": "multipart/form-data"}),
    ]
    for body, headers in cases:
        problem_in(await client.post("/auth/token", content=body, headers=headers), 422, "invalid")


async def test_no_answer_repeats_what_was_sent(cast: Cast, client: httpx.AsyncClient) -> None:
    secret = "hunter2-hunter2"
    answers = [
        await client.post("/auth/register", json={"nickname": secret + "!", "password": [secret]}),
        await client.post("/auth/register", json={"nickname": secret, "email": secret, "password": secret}),
        await client.post("/auth/register", content=f'{{"password": "{secret}"'.encode(), headers=JSON),
        await client.post("/auth/token", data={"username": secret, "password": secret}),
        await client.post("/auth/token", data={"username": "a", "password": secret, "refresh": secret}),
        await client.post("/auth/refresh", data={"refresh_token": secret}),
        await client.get("/sync", headers={"Authorization": f"Bearer {secret}"}),
        await cast.alice.post(f"/messages/{cast.chat_id}", {"content": secret, "nonce": [secret]}),
        await cast.alice.get(f"/messages/{cast.chat_id}?before={secret}"),
        await cast.alice.get(f"/spaces/{cast.space_id}/participants?cursor={secret}"),
        await cast.alice.get(f"/spaces/{secret}"),
        await cast.alice.get(f"/{secret}"),
    ]
    for answer in answers:
        assert answer.is_client_error
        assert secret not in answer.text
        assert secret not in str(answer.headers)


@pytest.mark.parametrize("id_", ["0", "-1", str(2**53), str(2**64), "x", "1.5", "0x1", "%00", "%ff", "1%2F2"])
async def test_what_is_no_id_leads_nowhere(cast: Cast, told: list[Event], id_: str) -> None:
    for method, path, body in [
        ("GET", "/messages/{}", None),
        ("POST", "/messages/{}", {"content": "a"}),
        ("PATCH", "/messages/{}", {"content": "a"}),
        ("DELETE", "/messages/{}", None),
        ("POST", "/messages/{}/reaction", {"emoji": "👍"}),
        ("GET", "/messages/{}/history", None),
        ("POST", "/chats/{}/read", {"seq": 1}),
    ]:
        problem_in(await cast.alice.request(method, path.format(id_), json=body), 404, "not_found")
    assert not told


@pytest.mark.parametrize("bound", ["before", "after", "around"])
async def test_a_page_has_bounds_that_make_sense(cast: Cast, bound: str) -> None:
    for value in ("-1", str(2**53), "x", "", "1.5", "true", "1e3"):
        ((pointer, _),) = faults_in(await cast.alice.get(f"/messages/{cast.chat_id}?{bound}={value}"))
        assert pointer == f"/{bound}"
    for value in ("0", "1", str(2**53 - 1)):
        answer = await cast.alice.get(f"/messages/{cast.chat_id}?{bound}={value}")
        assert answer.json() == {"messages": [], "revision": 0, "last_seq": 0}
    answer = await cast.alice.get(f"/messages/{cast.chat_id}?before=1&after=1")
    assert faults_in(answer) == [("/before", "too_many_bounds")]


async def test_ids_of_others_are_of_no_use(cast: Cast, told: list[Event]) -> None:
    den = (await cast.mallory.post("/spaces", {"name": "Den"})).json()
    secret = await cast.mallory.say(den["chats"][0]["id"], "Secret")
    hers = await cast.alice.say(cast.chat_id, "Hers")
    told.clear()
    before = [await person.sync() for person in cast.everybody]
    foreign = [
        await cast.bob.get(f"/messages/{den['chats'][0]['id']}"),
        await cast.bob.post(f"/messages/{den['chats'][0]['id']}", {"content": "a"}),
        await cast.bob.patch(f"/messages/{secret['id']}", {"content": "a"}),
        await cast.bob.delete(f"/messages/{secret['id']}"),
        await cast.bob.post(f"/messages/{secret['id']}/reaction", {"emoji": "👍"}),
        await cast.bob.get(f"/messages/{secret['id']}/history"),
        await cast.bob.post(f"/chats/{den['chats'][0]['id']}/read", {"seq": 1}),
        await cast.bob.delete(f"/auth/sessions/{cast.alice.session_id}"),
    ]
    for answer in foreign:
        problem_in(answer, 404, "not_found")
    across = await cast.bob.post(f"/messages/{cast.chat_id}", {"content": "a", "reply_to": secret["id"]})
    assert faults_in(across) == [("/reply_to", "unknown_message")]
    problem_in(await cast.bob.patch(f"/messages/{hers['id']}", {"content": "a"}), 403, "not_author")
    problem_in(await cast.bob.delete(f"/messages/{hers['id']}"), 403, "forbidden")
    assert [await person.sync() for person in cast.everybody] == before
    assert not told
