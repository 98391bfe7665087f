"""`python -m bench`: measures, and prints one table. `--postgresql` adds a column."""

import argparse
import asyncio
import os
import platform
from contextlib import AbstractAsyncContextManager, ExitStack

from rich.console import Console
from rich.table import Table

from bench import measures
from bench.measures import Figures
from bench.server import starts
from bench.world import postgresql_settings, sqlite_settings, world
from tests.servers.postgres import running_postgresql
from thespace.settings import Settings

OWN = "own"


def main() -> None:
    """Measure as told, and print."""
    options = _options()
    with ExitStack() as stack:
        columns = {"SQLite": _measured(sqlite_settings(), options)}
        if options.postgresql:
            columns["PostgreSQL"] = _measured(postgresql_settings(_server(options, stack)), options)
        rows = {name: asyncio.run(measuring) for name, measuring in columns.items()}
    rows["SQLite"] |= starts()
    _print(rows)
    if options.postgresql == OWN:
        print("This PostgreSQL is the tests': it does not wait for the disk, a real one does.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure The Space on this machine.")
    parser.add_argument("--seconds", type=float, default=3, help="per figure (default: 3)")
    parser.add_argument("--history", type=int, default=100_000, help="messages (default: 100000)")
    parser.add_argument(
        "--postgresql",
        nargs="?",
        const=OWN,
        metavar="URL",
        help="also on PostgreSQL: of this server, or on one started for it; a database is made and dropped",
    )
    return parser.parse_args()


def _server(options: argparse.Namespace, stack: ExitStack) -> str:
    url: str = options.postgresql
    return stack.enter_context(running_postgresql()) if url == OWN else url


async def _measured(settings: AbstractAsyncContextManager[Settings], options: argparse.Namespace) -> Figures:
    async with settings as chosen, world(chosen, options.history) as here:
        return {
            **await measures.sends(here, options.seconds),
            **await measures.pages(here, options.seconds),
            **await measures.statements(here),
        }


def _print(columns: dict[str, Figures]) -> None:
    table = Table(title=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    for figure in columns["SQLite"]:
        table.add_row(figure, *(figures.get(figure, "") for figures in columns.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
