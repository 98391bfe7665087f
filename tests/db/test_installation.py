import asyncio

from thespace.app import Application
from thespace.db.database import Database
from thespace.db.installation import found_installation


async def test_an_installation_is_founded_once_whoever_comes_first(application: Application) -> None:
    again = [Database(application.settings.sqlalchemy_url, lambda events: None, key=b"") for _ in range(3)]
    found = await asyncio.gather(*(database.write(found_installation) for database in again))
    assert found == [application.installation] * 3
    assert (len(found[0].identity), len(found[0].epoch)) == (8, 16)
    for database in again:
        await database.close()
