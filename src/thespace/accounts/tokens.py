"""Access and refresh tokens, signed with keys derived from the installation's secret."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

import jwt

from thespace.core import clock
from thespace.core.errors import Unauthenticated
from thespace.core.ids import SessionId, UserId
from thespace.core.keys import derive_key

ACCESS_LIFETIME = timedelta(minutes=15)
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says; whether its session still lives is the database's to say."""

    user_id: UserId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """What a refresh token of ours says."""

    session_id: SessionId
    generation: int


class Tokens:
    """Signs tokens and reads what it signed."""

    def __init__(self, secret: str) -> None:
        self._access_key = derive_key(secret, "access token")
        self._refresh_key = derive_key(secret, "refresh token")

    def access(self, user_id: UserId, session_id: SessionId) -> str:
        """Return an access token, a JWT."""
        now = clock.now()
        claims = {"sub": str(user_id), "sid": session_id, "iat": now, "exp": now + ACCESS_LIFETIME}
        return jwt.encode(claims, self._access_key, algorithm=_ALGORITHM)

    def read_access(self, token: str) -> AccessClaims:
        """Return the claims of an access token; raises Unauthenticated when it is not ours or has expired."""
        try:
            claims = jwt.decode(
                token,
                self._access_key,
                algorithms=[_ALGORITHM],
                # `iat` is not compared with the clock: another node's may run ahead by a second.
                options={"require": ["sub", "sid", "iat", "exp"], "verify_iat": False},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired.") from None
        except (jwt.InvalidTokenError, UnicodeError):
            raise Unauthenticated("The access token is not valid.") from None
        return AccessClaims(UserId(int(claims["sub"])), SessionId(claims["sid"]))

    def refresh(self, session_id: SessionId, generation: int) -> str:
        """Return the refresh token of a session's generation; the same arguments give the same token."""
        content = f"{session_id}.{generation}"
        return f"{content}.{self._mac(content)}"

    def read_refresh(self, token: str) -> RefreshClaims | None:
        """Return what a refresh token says, or None when it is not ours."""
        content, _, mac = token.rpartition(".")
        if not hmac.compare_digest(self._mac(content).encode(), mac.encode("utf-8", "replace")):
            return None
        session_id, _, generation = content.rpartition(".")
        return RefreshClaims(SessionId(session_id), int(generation))

    def _mac(self, content: str) -> str:
        digest = hmac.digest(self._refresh_key, content.encode("utf-8", "replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
