"""A server of its own process, as an operator starts it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from bench.world import sqlite_settings
from thespace.settings import Settings

SETTLED_SECONDS = 2
START_SECONDS = 60
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers, and how long it took to."""

    pid: int
    url: str
    seconds: float


async def starts() -> dict[str, str]:
    """Measure how long `thespace serve` takes to its first answer, and its memory when nobody is there."""
    async with sqlite_settings() as settings:
        with serving(settings, "thespace", "serve") as first:
            pass
        with serving(settings, "thespace", "serve") as warm:
            await asyncio.sleep(SETTLED_SECONDS)
            memory = _resident_bytes(warm.pid)
    return {
        "start to the first answer, first time": f"{first.seconds:.1f} s",
        "start to the first answer": f"{warm.seconds:.1f} s",
        "memory, idle": f"{memory / 2**20:.0f} MiB",
    }


@contextmanager
def serving(settings: Settings, module: str, *arguments: str) -> Iterator[Served]:
    """Run a module that serves, until the block ends."""
    port = _free_port()
    environment = os.environ | {
        "SPACE_DATA_DIR": str(settings.data_dir),
        "SPACE_PORT": str(port),
        "SPACE_DATABASE_URL": settings.database_url,
        "SPACE_SECRET_KEY": settings.secret_key.get_secret_value(),
        "SPACE_RATE_LIMITS": "false",
    }
    begin, log_path = time.perf_counter(), settings.data_dir / "log"
    with log_path.open("wb") as log:
        command = [sys.executable, "-m", module, *arguments]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/healthz", process, log_path)
            yield Served(process.pid, url, time.perf_counter() - begin)
        finally:
            _stop(process)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.perf_counter() + START_SECONDS
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except URLError:
            time.sleep(0.01)
    sys.exit(f"The server did not start:\n{log.read_text()}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _resident_bytes(pid: int) -> int:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) * 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
