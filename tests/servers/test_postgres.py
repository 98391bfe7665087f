import asyncio
import sys

import asyncpg
import pytest

from tests.servers.install import ROOT
from tests.servers.postgres import create_database, drop_database, running_postgresql

pytestmark = pytest.mark.timeout(180)  # the first use installs the server


async def test_a_started_server_answers_a_query() -> None:
    with running_postgresql() as url:
        connection = await asyncpg.connect(url)
        version = await connection.fetchval("SHOW server_version")
        await connection.close()
    assert int(version.partition(".")[0]) >= 18


async def test_a_database_made_from_a_template_holds_what_the_template_holds() -> None:
    with running_postgresql() as url:
        template = await asyncpg.connect(await create_database(url, "template_one"))
        await template.execute("CREATE TABLE words AS SELECT 'Привет' AS word")
        await template.close()
        copy_url = await create_database(url, "copy", template="template_one")
        copy = await asyncpg.connect(copy_url)
        assert await copy.fetchval("SELECT lower(word) FROM words") == "привет"
        await drop_database(url, "copy")  # ends the connection that is still open
        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await asyncpg.connect(copy_url)
        copy.terminate()


async def test_a_server_ends_with_the_run_that_was_killed() -> None:
    program = (
        "import time\nfrom tests.servers.postgres import running_postgresql\n"
        "with running_postgresql() as url: print(url, flush=True); time.sleep(600)"
    )
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert run.stdout
    connection = await asyncpg.connect((await run.stdout.readline()).decode().strip())
    ended = asyncio.Event()
    connection.add_termination_listener(lambda _connection: ended.set())
    run.kill()
    await asyncio.wait_for(ended.wait(), timeout=30)
    await run.wait()
