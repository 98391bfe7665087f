import pytest

from thespace.http.origins import is_own_origin
from thespace.settings import load_settings

SETTINGS = load_settings(
    _env_file=None,
    database_url="",
    public_url="https://space.example.org",
    allowed_origins="https://front.example.org, http://localhost:3000",
)


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://localhost:8080", "localhost:8080", True),
        ("https://LOCALHOST:8080", "localhost:8080", True),
        ("http://localhost:8080", "localhost:8081", False),
        ("http://localhost", "localhost:8080", False),
        ("http://evil.example", "localhost:8080", False),
        ("http://localhost:8080.evil.example", "localhost:8080", False),
        ("http://localhost:8080@evil.example", "localhost:8080", False),
        ("https://space.example.org", "10.0.0.1:8080", True),
        ("https://space.example.org.evil.example", "10.0.0.1:8080", False),
        ("http://space.example.org", "10.0.0.1:8080", False),
        ("https://front.example.org", "anything", True),
        ("http://localhost:3000", "anything", True),
        ("null", "localhost:8080", False),
        ("null", "", False),
        ("", "", False),
        ("file://", "", False),
        ("http://[::1]:8080", "[::1]:8080", True),
        ("http://[::1", "localhost", False),
        ("http://localhost/path", "localhost", False),
        ("\x00", "localhost", False),
    ],
)
def test_an_origin_is_ours_when_it_is_the_pages_own_or_named(origin: str, host: str, is_own: bool) -> None:
    assert is_own_origin(origin, host, SETTINGS) is is_own
