"""Everything an operator may set, from the environment or `.env`; nonsense is refused with a sentence."""

import os
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

MIN_SECRET_BYTES = 32
_PLACEHOLDERS = ("secret", "change", "example", "your-", "your_", "placeholder", "password", "todo")

_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}

_IMPLIED_PORTS = {"http": 80, "https": 443}


class Registration(StrEnum):
    """Who may create an account."""

    OPEN = "open"
    CLOSED = "closed"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class SettingsError(Exception):
    """A setting cannot be used; the message is one sentence that says what to do."""


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """The settings of one server process."""

    model_config = SettingsConfigDict(
        env_prefix="SPACE_", env_file=".env", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    data_dir: Path = Field(Path("data"), description="Where the database, the secret key and backups live.")
    host: str = Field("", description="The address to listen on: 127.0.0.1, or 0.0.0.0 when PORT is set.")
    port: int = Field(
        8080,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("SPACE_PORT", "PORT"),
        description="The port to listen on.",
    )
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("SPACE_DATABASE_URL", "DATABASE_URL"),
        description="postgresql://user:password@host/name; empty: the embedded SQLite in the data directory.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("SPACE_SECRET_KEY", "SECRET_KEY"),
        description="What sessions are signed with; needed with PostgreSQL, otherwise generated.",
    )
    public_url: str = Field("", description="The address people open, such as https://space.example.org.")
    registration: Annotated[Registration, BeforeValidator(_lower)] = Field(
        Registration.OPEN, description="Who may register: open or closed."
    )
    rate_limits: bool = Field(True, description="on, or off for load tests.")
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = Field(
        LogLevel.INFO, description="debug, info, warning or error."
    )
    allowed_origins: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list, description="Other origins that serve the client, separated by commas."
    )
    trusted_proxies: Annotated[list[IPv4Network | IPv6Network], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list, description="Addresses whose X-Forwarded-For is believed, separated by commas."
    )

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        if value:
            _check_postgresql_url(value)
        return value

    @field_validator("secret_key")
    @classmethod
    def _check_secret_key(cls, value: SecretStr) -> SecretStr:
        if secret := value.get_secret_value():
            check_secret(secret)
        return value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str) -> str:
        return _checked_origin(value) if value else value

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, value: list[str]) -> list[str]:
        return [_checked_origin(origin) for origin in value]

    @model_validator(mode="after")
    def _needs_a_shared_secret(self) -> Self:
        if self.database_url and not self.secret_key.get_secret_value():
            raise ValueError(
                "SPACE_SECRET_KEY is needed with PostgreSQL, because all processes must share it: "
                "set it to the output of `openssl rand -hex 32`"
            )
        return self

    @property
    def is_embedded(self) -> bool:
        """Tell whether the database is the embedded one."""
        return not self.database_url

    @property
    def sqlalchemy_url(self) -> URL:
        """Return the database's URL with our driver."""
        if self.is_embedded:
            return URL.create("sqlite+aiosqlite", database=str(self.data_dir / "thespace.db"))
        url = make_url(self.database_url).set(drivername="postgresql+asyncpg")
        # What everybody else calls sslmode is ssl to our driver.
        mode = url.query.get("sslmode", url.query.get("ssl"))
        return url.set(query={"ssl": mode} if mode else {})

    @property
    def is_secure(self) -> bool:
        """Tell whether people reach us over https."""
        return self.public_url.startswith("https://")

    @property
    def listen_host(self) -> str:
        """Return the address to listen on. Platforms that set PORT expect all interfaces."""
        return self.host or ("0.0.0.0" if "PORT" in os.environ else "127.0.0.1")  # noqa: S104


def _check_postgresql_url(value: str) -> None:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("must look like postgresql://user:password@host:5432/name") from None
    if url.drivername.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("must begin with postgresql:// (leave it empty for the embedded database)")
    if not url.database:
        raise ValueError("must end with the name of a database, as in postgresql://user@host/name")
    if not 0 < (url.port or 1) < 2**16:
        raise ValueError("must name a port between 1 and 65535")
    if unknown := url.query.keys() - {"ssl", "sslmode"}:
        raise ValueError(f"has options that are not understood ({', '.join(sorted(unknown))}): remove them")
    if not set(url.query.values()) <= _SSL_MODES:
        raise ValueError(f"has an sslmode that is none of {', '.join(sorted(_SSL_MODES))}")


def check_secret(secret: str) -> None:
    """Raise ValueError for a secret that is too short, a placeholder, or a few characters repeated."""
    advice = "set it to the output of `openssl rand -hex 32`"
    if len(secret.encode()) < MIN_SECRET_BYTES:
        raise ValueError(f"is shorter than {MIN_SECRET_BYTES} bytes: {advice}")
    if any(word in secret.lower() for word in _PLACEHOLDERS) or len(set(secret)) < 8:
        raise ValueError(f"looks like a placeholder: {advice}")


def load_settings(**overrides: Any) -> Settings:
    """Read the settings, or raise SettingsError with one sentence that names each wrong one."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError("; ".join(_sentence(e) for e in error.errors(include_input=False))) from None


def _sentence(error: Any) -> str:
    message: str = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return message
    name = str(error["loc"][0])
    return f"{name if name.isupper() else 'SPACE_' + name.upper()} {message[0].lower()}{message[1:]}"


def _checked_origin(value: str) -> str:
    """Return an origin as browsers write it: in small letters, without the port that its scheme implies."""
    try:
        parts = urlsplit(value.lower())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _IMPLIED_PORTS or not parts.hostname or parts.username is not None or _rest(parts):
        raise ValueError("must be an origin such as https://space.example.org, without a path")
    host = parts.netloc.removesuffix(f":{port}") if port == _IMPLIED_PORTS[parts.scheme] else parts.netloc
    return f"{parts.scheme}://{host}"


def _rest(parts: SplitResult) -> str:
    return parts.path.removeprefix("/") + parts.query + parts.fragment
