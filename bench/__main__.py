"""`python -m bench`: measures, and prints tables. `--postgresql` adds the other database."""

import argparse
import asyncio
import os
import platform
import signal
import sys
from contextlib import ExitStack
from functools import partial
from types import FrameType

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.counting import StatementCount
from bench.end_to_end import sends_end_to_end
from bench.reading import pages, statements
from bench.serving import starts
from bench.turns import Comparison, Pace, Span
from bench.world import OpenSettings, fill, postgresql_settings, scratch_directory, sqlite_settings, world
from bench.writing import writes
from tests.servers.postgres import running_postgresql

OWN = "own"
FULL_SECONDS = 15
FULL_DEPTH = 1_000_000
Figures = dict[str, str]


def main() -> None:
    """Measure as told, and print; what was started ends however this ends."""
    signal.signal(signal.SIGTERM, _exit_on_signal)
    options = _options()
    with ExitStack() as stack:
        databases: dict[str, OpenSettings] = {"SQLite": sqlite_settings}
        if options.postgresql:
            databases["PostgreSQL"] = partial(postgresql_settings, _server(options, stack))
        progress = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        measured = {
            name: asyncio.run(_measured(opened, options, progress)) for name, opened in databases.items()
        }
        started = asyncio.run(starts())
    _print(measured, started)


def _exit_on_signal(_number: int, _frame: FrameType | None) -> None:
    sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure The Space on this machine.")
    parser.add_argument("--seconds", type=float, default=1.5, help="per figure (default: 1.5)")
    parser.add_argument("--rounds", type=int, default=5, help="to take the median of (default: 5)")
    parser.add_argument("--history", type=int, default=100_000, help="messages to write behind (100000)")
    parser.add_argument("--depth", type=int, help="messages to read behind (default: as many)")
    parser.add_argument(
        "--postgresql",
        nargs="?",
        const=OWN,
        metavar="URL",
        help="also on PostgreSQL: of this server, or on one started for it; databases are made and dropped",
    )
    parser.add_argument(
        "--full",
        action="store_const",
        const={"seconds": FULL_SECONDS, "depth": FULL_DEPTH},
        default={},
        help=f"the same as --seconds {FULL_SECONDS} --depth {FULL_DEPTH}",
    )
    options = parser.parse_args()
    vars(options).update(options.full)
    options.depth = options.depth or options.history
    return options


def _server(options: argparse.Namespace, stack: ExitStack) -> str:
    url: str = options.postgresql
    return stack.enter_context(running_postgresql(durable=True)) if url == OWN else url


async def _measured(
    opened: OpenSettings, options: argparse.Namespace, progress: Progress
) -> tuple[list[Comparison], Figures]:
    span = Span(options.seconds, options.rounds)
    async with opened() as settings, world(settings) as here:
        with scratch_directory() as folder:
            count = StatementCount(folder / "statements")
            comparisons = await writes(here, count, history=options.history, span=span, progress=progress)
        await fill(here, options.depth, progress)
        figures = await pages(here, options.depth, span) | await statements(here)
    return comparisons + await sends_end_to_end(opened, span=span, progress=progress), figures


def _print(measured: dict[str, tuple[list[Comparison], Figures]], started: Figures) -> None:
    console = Console()
    console.print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, (comparisons, _) in measured.items():
        console.print(_writing(name, comparisons))
    columns = {name: figures for name, (_, figures) in measured.items()}
    columns["SQLite"] |= started
    console.print(_reading(columns))


def _writing(name: str, comparisons: list[Comparison]) -> Table:
    table = Table(title=f"{name}: what is written, and below it the same by one ORM transaction each")
    table.add_column("")
    for heading in ("/s", "p50 ms", "p99 ms", "statements", "ratio"):
        table.add_column(heading, justify="right")
    for each in comparisons:
        table.add_row(each.name, *_cells(each.ours), f"{each.ratio:.1f} x")
        table.add_row("", *_cells(each.reference), style="dim")
    return table


def _cells(pace: Pace) -> list[str]:
    return [f"{pace.per_second:,.0f}", f"{pace.p50:.1f}", f"{pace.p99:.1f}", f"{pace.statements:.2f}"]


def _reading(columns: dict[str, Figures]) -> Table:
    table = Table(title="CPU per page, statements, starting")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    for figure in columns["SQLite"]:
        table.add_row(figure, *(figures.get(figure, "") for figures in columns.values()))
    return table


if __name__ == "__main__":
    main()
