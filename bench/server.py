"""What is measured from outside: a server of its own process, as an operator starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from bench.measures import Figures
from bench.world import scratch_directory

SETTLED_SECONDS = 2
START_SECONDS = 60


def starts() -> Figures:
    """Measure how long `thespace serve` takes to its first answer, and its memory when nobody is there."""
    with scratch_directory() as folder:
        with _serving(folder) as first:
            pass
        with _serving(folder) as warm:
            time.sleep(SETTLED_SECONDS)
            memory = _resident_bytes(warm.pid)
    return {
        "start to the first answer, first time": f"{first.seconds:.1f} s",
        "start to the first answer": f"{warm.seconds:.1f} s",
        "memory, idle": f"{memory / 2**20:.0f} MiB",
    }


class _Started:
    def __init__(self, pid: int, seconds: float) -> None:
        self.pid = pid
        self.seconds = seconds


@contextmanager
def _serving(folder: Path) -> Iterator[_Started]:
    port = _free_port()
    environment = os.environ | {
        "SPACE_DATA_DIR": str(folder),
        "SPACE_PORT": str(port),
        "SPACE_DATABASE_URL": "",
    }
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "thespace", "serve"], env=environment, stderr=subprocess.PIPE
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield _Started(process.pid, time.perf_counter() - begin)
        finally:
            process.terminate()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.perf_counter() + START_SECONDS
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except URLError:
            time.sleep(0.01)
    process.kill()
    assert process.stderr
    sys.exit(f"The server did not start:\n{process.stderr.read().decode()}")


def _resident_bytes(pid: int) -> int:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) * 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
