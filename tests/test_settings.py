"""What may be set, and what is refused."""

import pytest

from tests.conftest import SECRET
from thespace.settings import Settings, SettingsError, load_settings


def settings_of(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    """Read the settings of an environment that has nothing else of ours in it."""
    for name in ("PORT", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings(_env_file=None)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SPACE_DATABASE_URL": "mysql://u@h/n", "SPACE_SECRET_KEY": SECRET}, "postgresql://"),
        ({"SPACE_DATABASE_URL": "not a url", "SPACE_SECRET_KEY": SECRET}, "postgresql://"),
        ({"SPACE_DATABASE_URL": "postgresql://u@h", "SPACE_SECRET_KEY": SECRET}, "name of a database"),
        ({"SPACE_DATABASE_URL": "postgresql://u@h:port/n", "SPACE_SECRET_KEY": SECRET}, "must look like"),
        ({"SPACE_DATABASE_URL": "postgresql://u@h:70000/n", "SPACE_SECRET_KEY": SECRET}, "65535"),
        (
            {"SPACE_DATABASE_URL": "postgresql://u@h/n?a=b&c=d", "SPACE_SECRET_KEY": SECRET},
            r"\(a, c\): remove",
        ),
        ({"SPACE_DATABASE_URL": "postgresql://u@h/n?sslmode=x", "SPACE_SECRET_KEY": SECRET}, "none of allow"),
        ({"SPACE_DATABASE_URL": "postgresql://u@h/n"}, "SPACE_SECRET_KEY is needed"),
        ({"SPACE_SECRET_KEY": "too short"}, "shorter than 32 bytes"),
        ({"SPACE_SECRET_KEY": "change-me-change-me-change-me-change-me"}, "placeholder"),
        ({"SPACE_SECRET_KEY": "abcabcabcabcabcabcabcabcabcabcabcabc"}, "placeholder"),
        ({"SPACE_PORT": "http"}, "SPACE_PORT"),
        ({"SPACE_PORT": "70000"}, "SPACE_PORT"),
        ({"SPACE_LOG_LEVEL": "chatty"}, "SPACE_LOG_LEVEL"),
        ({"SPACE_REGISTRATION": "maybe"}, "SPACE_REGISTRATION"),
        ({"SPACE_RATE_LIMITS": "sometimes"}, "SPACE_RATE_LIMITS"),
        ({"SPACE_PUBLIC_URL": "space.example.org"}, "SPACE_PUBLIC_URL"),
        ({"SPACE_PUBLIC_URL": "ftp://space.example.org"}, "SPACE_PUBLIC_URL must be an origin"),
        ({"SPACE_PUBLIC_URL": "http://[::1"}, "SPACE_PUBLIC_URL must be an origin"),
        ({"SPACE_PUBLIC_URL": "https://space.example.org:http"}, "SPACE_PUBLIC_URL must be an origin"),
        ({"SPACE_PUBLIC_URL": "https://alice:pw@space.example.org"}, "SPACE_PUBLIC_URL must be an origin"),
        ({"SPACE_PUBLIC_URL": "https://space.example.org#top"}, "SPACE_PUBLIC_URL must be an origin"),
        ({"SPACE_ALLOWED_ORIGINS": "https://a.example/path"}, "SPACE_ALLOWED_ORIGINS"),
        ({"SPACE_ALLOWED_ORIGINS": "*"}, "SPACE_ALLOWED_ORIGINS must be an origin"),
        ({"SPACE_TRUSTED_PROXIES": "the proxy"}, "SPACE_TRUSTED_PROXIES"),
    ],
)
def test_nonsense_is_refused_in_a_sentence_that_gives_nothing_away(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as refusal:
        settings_of(monkeypatch, **settings)
    for secret in (settings.get("SPACE_SECRET_KEY", SECRET), "u@h"):
        assert secret not in str(refusal.value), "people paste such sentences into forums"


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch)
    assert settings.is_embedded
    assert str(settings.sqlalchemy_url) == "sqlite+aiosqlite:///data/thespace.db"
    assert (settings.listen_host, settings.port) == ("127.0.0.1", 8080)


def test_the_names_of_the_original_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(
        monkeypatch, PORT="9000", DATABASE_URL="postgres://u:p@db.example/space", SECRET_KEY=SECRET
    )
    assert settings.port == 9000
    assert settings.listen_host == "0.0.0.0", "a platform that sets PORT looks for us on all interfaces"
    assert settings.secret_key.get_secret_value() == SECRET
    url = settings.sqlalchemy_url
    assert (url.drivername, url.host, url.database) == ("postgresql+asyncpg", "db.example", "space")


@pytest.mark.parametrize(
    ("query", "meant"),
    [("", {}), ("?sslmode=require", {"ssl": "require"}), ("?ssl=disable", {"ssl": "disable"})],
)
def test_what_providers_call_sslmode_is_understood(
    monkeypatch: pytest.MonkeyPatch, query: str, meant: dict[str, str]
) -> None:
    url = f"postgresql://u:p@db.example/space{query}"
    settings = settings_of(monkeypatch, SPACE_DATABASE_URL=url, SPACE_SECRET_KEY=SECRET)
    assert settings.sqlalchemy_url.query == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://Space.Example.org/", "https://space.example.org"),
        ("https://space.example.org:443", "https://space.example.org"),
        ("http://space.example.org:443", "http://space.example.org:443"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_origins_are_kept_as_browsers_write_them(
    monkeypatch: pytest.MonkeyPatch, said: str, meant: str
) -> None:
    settings = settings_of(monkeypatch, SPACE_PUBLIC_URL=said, SPACE_ALLOWED_ORIGINS=said)
    assert (settings.public_url, settings.allowed_origins) == (meant, [meant])
    assert settings.is_secure == meant.startswith("https")


def test_ours_win_over_the_names_of_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(monkeypatch, PORT="9000", SPACE_PORT="9001", SPACE_HOST="127.0.0.1")
    assert (settings.listen_host, settings.port) == ("127.0.0.1", 9001)


@pytest.mark.parametrize(("said", "meant"), [("on", True), ("off", False), ("true", True), ("0", False)])
def test_limits_are_switched_with_on_and_off(
    monkeypatch: pytest.MonkeyPatch, said: str, *, meant: bool
) -> None:
    assert settings_of(monkeypatch, SPACE_RATE_LIMITS=said).rate_limits is meant


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(
        monkeypatch,
        SPACE_ALLOWED_ORIGINS="https://a.example, http://b.example:81/",
        SPACE_TRUSTED_PROXIES="10.0.0.0/8,::1",
    )
    assert settings.allowed_origins == ["https://a.example", "http://b.example:81"]
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
