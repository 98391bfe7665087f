"""`thespace serve` in a process of its own, to be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.conftest import SECRET
from tests.servers.postgres import _free_port as free_port
from thespace.settings import Settings

START_SECONDS = 120
# To import the program takes seconds on a busy machine: it is done while the server before still serves.
WAITING_SERVER = (
    "import sys, thespace.app, thespace.cli;"
    "sys.stdin.readline();"
    "sys.argv = ['thespace', 'serve'];"
    "thespace.cli.main()"
)


class Server:
    """One installation, and the process that serves it. Whoever needs it awaits `up`."""

    def __init__(self, settings: Settings, log: Path, *, prefix: tuple[str, ...] = ()) -> None:
        self.port = free_port()
        self.up = asyncio.Event()
        self._log = log
        self._prefix = prefix
        self._next: asyncio.subprocess.Process | None = None
        self._process: asyncio.subprocess.Process | None = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SPACE_")}
        # With the compiled modules in a place of their own; they are wanted here, whatever the rest wants.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        self._environment = kept | {
            "PYTHONPYCACHEPREFIX": str(Path.cwd() / ".pytest_cache" / "torture"),
            "SPACE_DATA_DIR": str(settings.data_dir),
            "SPACE_DATABASE_URL": settings.database_url,
            "SPACE_SECRET_KEY": SECRET,
            "SPACE_PORT": str(self.port),
            "SPACE_RATE_LIMITS": "off",
            "SPACE_LOG_LEVEL": "warning",
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def complaints(self) -> str:
        """Return what the processes have written, besides that they are there."""
        lines = self._log.read_text().splitlines()
        return "\n".join(line for line in lines if not line.startswith("The Space "))

    async def prepare(self) -> None:
        """Load the program, for `start` to let it serve."""
        if self._next is None:
            with self._log.open("ab") as log:
                self._next = await asyncio.create_subprocess_exec(
                    *self._prefix,
                    sys.executable,
                    "-c",
                    WAITING_SERVER,
                    env=self._environment,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    async def start(self) -> None:
        """Serve; wait until it answers."""
        await self.prepare()
        self._process, self._next = self._next, None
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()
        async with httpx.AsyncClient(base_url=self.address) as client, asyncio.timeout(START_SECONDS):
            while not await _answers(client):
                assert self._process.returncode is None, self.complaints
                await asyncio.sleep(0.02)
        self.up.set()

    async def kill(self) -> None:
        """End the process as a power failure would."""
        assert self._process is not None
        self.up.clear()
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """End what runs and what waits."""
        self.up.clear()
        for process in (self._process, self._next):
            if process is not None and process.returncode is None:
                os.killpg(process.pid, signal.SIGTERM)
                await process.wait()


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz", timeout=5)).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def serving(settings: Settings, log: Path, *, prefix: tuple[str, ...] = ()) -> AsyncIterator[Server]:
    """Serve for as long as the block lasts."""
    server = Server(settings, log, prefix=prefix)
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
