import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from thespace.accounts.tokens import AccessClaims, RefreshClaims, Tokens
from thespace.core.errors import Unauthenticated
from thespace.core.ids import SessionId, UserId

SECRET = "7f3a9c5e1b8d2046" * 4
START = datetime(2030, 1, 1, tzinfo=UTC)
_tokens = Tokens(SECRET)
_claims = AccessClaims(UserId(7), SessionId("a-session"))


def _access() -> str:
    return _tokens.access(_claims.user_id, _claims.session_id)


def _signed(key: bytes | str | None = None, algorithm: str = "HS256", **changes: Any) -> str:
    now = datetime.now(UTC)
    claims = {"sub": "7", "sid": "a-session", "iat": now, "exp": now + timedelta(minutes=15)} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, _tokens._access_key if key is None else key, algorithm=algorithm)


def test_an_access_token_says_whose_it_is() -> None:
    assert _tokens.read_access(_access()) == _claims


def test_another_process_with_the_same_secret_reads_the_same_tokens() -> None:
    other = Tokens(SECRET)
    assert other.read_access(_access()) == _claims
    assert other.refresh(SessionId("s"), 3) == _tokens.refresh(SessionId("s"), 3)


def test_an_access_token_lasts_fifteen_minutes_and_not_a_second_longer() -> None:
    with time_machine.travel(START, tick=False) as now:
        token = _access()
        now.shift(timedelta(minutes=15, seconds=-1))
        assert _tokens.read_access(token) == _claims
        now.shift(timedelta(seconds=1))
        with pytest.raises(Unauthenticated, match="expired"):
            _tokens.read_access(token)


def test_what_is_signed_like_ours_is_read() -> None:
    assert _tokens.read_access(_signed()) == _claims


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # of HS512 with our key
@pytest.mark.parametrize(
    "forged",
    [
        lambda: _signed(b"another key of thirty-two bytes."),
        lambda: _signed(_tokens._refresh_key),
        lambda: _signed(algorithm="HS512"),
        lambda: _signed("", algorithm="none"),
        lambda: _signed(sub=None),
        lambda: _signed(sid=None),
        lambda: _signed(iat=None),
        lambda: _signed(exp=None),
        lambda: _tokens.refresh(SessionId("a-session"), 1),
        lambda: _access()[:-2],
        lambda: _access() + "x",
        lambda: ".".join([*_access().split(".")[:2], ""]),
        lambda: "",
        lambda: "a.b.c",
        lambda: "\ud800.\ud800.\ud800",
        lambda: "é" * 5000,
        lambda: "\x00",
    ],
)
def test_what_is_not_signed_by_us_is_refused(forged: Any) -> None:
    with pytest.raises(Unauthenticated):
        _tokens.read_access(forged())


def test_changed_claims_are_refused() -> None:
    head, body, signature = _access().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "8"}).encode()).decode().rstrip("=")
    with pytest.raises(Unauthenticated):
        _tokens.read_access(f"{head}.{changed}.{signature}")


def test_a_refresh_token_says_its_session_and_generation() -> None:
    token = _tokens.refresh(SessionId("a-session_id"), 12)
    assert _tokens.read_refresh(token) == RefreshClaims(SessionId("a-session_id"), 12)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token.replace(".1.", ".2."),
        lambda token: token.replace("a-session", "b-session"),
        lambda token: token[:-1],
        lambda token: token + "=",
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: Tokens("another" + SECRET).refresh(SessionId("a-session"), 1),
        lambda _: _access(),
        lambda _: "",
        lambda _: "..",
    ],
)
def test_a_forged_refresh_token_means_nothing(forge: Any) -> None:
    assert _tokens.read_refresh(forge(_tokens.refresh(SessionId("a-session"), 1))) is None


@given(st.text(st.characters(codec=None)))
def test_no_text_makes_reading_a_token_fail_otherwise(text: str) -> None:
    assert _tokens.read_refresh(text) is None
    with pytest.raises(Unauthenticated):
        _tokens.read_access(text)
