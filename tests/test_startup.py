"""`thespace serve` as an operator meets it: a real process, and one sentence when something is wrong."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import SECRET

START_SECONDS = 30
UNREACHABLE = "postgresql://nobody:secret-word@127.0.0.1:1/space"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
    return number


def environment(data: Path, port: int, **settings: str) -> dict[str, str]:
    """Return an environment without the tests' own settings: only what is given here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SPACE_")}
    return kept | {"SPACE_DATA_DIR": str(data), "SPACE_PORT": str(port), "NO_COLOR": "1"} | settings


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "thespace", *words]


@contextmanager
def serving(data: Path, port: int, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a server until the block ends; it answers when the block begins."""
    with subprocess.Popen(
        command("serve"),
        env=environment(data, port, **settings),
        cwd=data.parent,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_for_answer(process, port)
            yield process
        finally:
            process.kill()


def wait_for_answer(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/readyz").json() == {"status": "ok"}
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not answer")


def complaint(data: Path, port: int, *words: str, **settings: str) -> str:
    """Run a command that has to fail, and return its only sentence."""
    done = subprocess.run(
        command(*(words or ("serve",))),
        env=environment(data, port, **settings),
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    return line


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_makes_a_private_installation_and_the_second_keeps_it(tmp_path: Path, port: int) -> None:
    data = tmp_path / "data"
    with serving(data, port):
        pass
    secret = (data / "secret.key").read_text()
    account = {"nickname": "alice", "password": "correct horse"}
    with serving(data, port):
        registered = httpx.post(f"http://127.0.0.1:{port}/auth/register", json=account)
    with serving(data, port):
        token = registered.json()["access_token"]
        me = httpx.get(f"http://127.0.0.1:{port}/auth/me", headers={"Authorization": f"Bearer {token}"})

    assert me.json()["nickname"] == "alice"
    assert (data / "secret.key").read_text() == secret
    assert len(secret.strip()) == 64
    assert mode(data) == 0o700
    assert mode(data / "secret.key") == mode(data / "thespace.db") == 0o600


def test_a_terminated_server_ends_at_once_and_in_silence(tmp_path: Path, port: int) -> None:
    with serving(tmp_path / "data", port) as process:
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=10)
    assert "Traceback" not in words
    assert process.returncode in {0, -signal.SIGTERM}


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = complaint(tmp_path / "data", port)
    assert f"cannot listen on 127.0.0.1:{port}" in sentence
    assert "SPACE_PORT" in sentence
    assert not (tmp_path / "data" / "thespace.db").exists()


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path, port: int) -> None:
    below_a_file = tmp_path / "file" / "data"
    below_a_file.parent.write_text("")
    for data in (below_a_file, Path("/proc/thespace")):
        sentence = complaint(tmp_path, port, SPACE_DATA_DIR=str(data))
        assert f"{data} cannot be written" in sentence
        assert "SPACE_DATA_DIR" in sentence


@pytest.mark.parametrize("words", [("serve",), ("migrate",)])
def test_a_data_directory_in_use_is_left_alone(tmp_path: Path, port: int, words: tuple[str, ...]) -> None:
    data = tmp_path / "data"
    with serving(data, port), socket.create_server(("127.0.0.1", 0)) as probe:
        other = probe.getsockname()[1]
        probe.close()
        sentence = complaint(data, other, *words)
    assert f"{data} is in use" in sentence


def test_a_database_that_is_not_there_is_named_without_its_password(tmp_path: Path, port: int) -> None:
    sentence = complaint(tmp_path / "data", port, SPACE_DATABASE_URL=UNREACHABLE, SPACE_SECRET_KEY=SECRET)
    assert "postgresql://nobody:***@127.0.0.1:1/space" in sentence
    assert "secret-word" not in sentence
    assert "SPACE_DATABASE_URL" in sentence


def test_wrong_settings_end_with_one_sentence_that_names_them_all(tmp_path: Path, port: int) -> None:
    sentence = complaint(tmp_path / "data", port, SPACE_PORT="http", SPACE_SECRET_KEY="short")
    assert "SPACE_PORT" in sentence
    assert "SPACE_SECRET_KEY is shorter than 32 bytes" in sentence
    assert not (tmp_path / "data").exists()


def test_a_placeholder_in_the_secret_file_is_refused(tmp_path: Path, port: int) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "secret.key").write_text("your-secret-key-here-your-secret-key-here")
    sentence = complaint(data, port)
    assert str(data / "secret.key") in sentence
    assert "delete the file" in sentence


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, port: int) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "thespace.db").write_text("These are notes, and no database at all. " * 100)
    assert "thespace.db" in complaint(data, port)
