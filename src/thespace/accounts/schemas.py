"""Shapes of accounts."""

from datetime import datetime
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from thespace.accounts.nicknames import Nickname
from thespace.core.ids import SessionId, UserId
from thespace.core.schemas import Input, Output
from thespace.core.text import Name, Storable

MAX_EMAIL_CHARACTERS = 254
MAX_PASSWORD_CHARACTERS = 1024


def _checked_email(email: str) -> str:
    try:
        # A server at home may serve addresses that no one outside can reach.
        return validate_email(email, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        raise PydanticCustomError("email", "must be an e-mail address") from None


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=MAX_EMAIL_CHARACTERS),
    AfterValidator(_checked_email),
]
NewPassword = Annotated[str, Field(min_length=8, max_length=MAX_PASSWORD_CHARACTERS), Storable]


class NewAccount(Input):
    """A new account."""

    nickname: Nickname
    password: NewPassword = Field(repr=False)
    email: Email | None = None
    display_name: Name | None = None


class Credentials(Input):
    """An OAuth2 password form; `username` is a nickname or an e-mail address."""

    username: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=MAX_EMAIL_CHARACTERS), Storable
    ]
    password: Annotated[str, Field(max_length=MAX_PASSWORD_CHARACTERS, repr=False), Storable]
    refresh: Literal["cookie", "body"] = "cookie"
    """Where the refresh token is put: `body` is for clients without cookies."""
    # What OAuth2 clients send as well, and what means nothing here.
    grant_type: Literal["password"] = "password"
    scope: str = ""
    client_id: str = ""
    client_secret: Annotated[str, Field(repr=False)] = ""


class RefreshForm(Input):
    """A refresh token given outright instead of by cookie."""

    refresh_token: Annotated[str | None, Field(max_length=200, repr=False)] = None
    grant_type: Literal["refresh_token"] = "refresh_token"


class Person(Output):
    """A person as everybody sees them."""

    id: UserId
    nickname: str
    display_name: str
    avatar_url: str | None
    profile_version: int


class Me(Person):
    """A person as they see themselves."""

    email: str | None
    created_at: datetime


class TokenAnswer(Output):
    """A login that succeeded. `refresh_token` is there only for those who asked to have it in the body."""

    user: Me
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int
    refresh_token: Annotated[str | None, Field(exclude_if=lambda token: token is None)] = None


class SessionCard(Output):
    """One of a person's logins."""

    id: SessionId
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    address: str
    is_current: bool


class SessionList(Output):
    """A person's logins, the most recently used first."""

    items: list[SessionCard]
