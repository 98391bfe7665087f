"""How things are timed: in turns, so that what else the machine does happens to all of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median, quantiles

from rich.progress import Progress

WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Span:
    """How long a figure is measured: so many seconds in all, in so many rounds."""

    seconds: float
    rounds: int

    @property
    def round_seconds(self) -> float:
        return self.seconds / self.rounds


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing something: `do(person, time)`, and how many statements it took so far."""

    do: Callable[[int, int], Awaitable[object]]
    statements: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often per second something is done, the milliseconds half of the people and all but 1 % of them
    wait at most, and the statements that each takes.
    """

    per_second: float
    p50: float
    p99: float
    statements: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, both paces, and the median of the ratios of what ran side by side."""

    name: str
    ours: Pace
    reference: Pace
    ratio: float


@dataclass(frozen=True, slots=True)
class _Round:
    per_second: float
    latencies: list[float]
    statements: int


async def compare(
    name: str, people: int, ours: Way, reference: Way, *, span: Span, progress: Progress
) -> Comparison:
    """Let that many people do something both ways."""
    seconds = span.round_seconds
    rounds = [
        (await _round(people, ours, seconds), await _round(people, reference, seconds))
        for _ in progress.track(range(span.rounds), description=name)
    ]
    ratios = [mine.per_second / theirs.per_second for mine, theirs in rounds]
    mine, theirs = zip(*rounds, strict=True)
    return Comparison(name, _pace(mine), _pace(theirs), median(ratios))


async def cpu_in_turns(span: Span, *reads: Callable[[], Awaitable[object]]) -> list[float]:
    """Return the milliseconds of this process's CPU that each reading takes, as medians."""
    rounds = [[await _cpu(read, span.round_seconds) for read in reads] for _ in range(span.rounds)]
    return [median(figures) for figures in zip(*rounds, strict=True)]


async def _round(people: int, way: Way, seconds: float) -> _Round:
    """Let each do it again after the last one is done."""
    latencies: list[float] = []
    statements, begin = way.statements(), time.perf_counter()
    end = begin + seconds

    async def one(person: int) -> None:
        times, before = 0, time.perf_counter()
        while before < end:
            await way.do(person, times)
            after = time.perf_counter()
            latencies.append((after - before) * 1000)
            times, before = times + 1, after

    await asyncio.gather(*map(one, range(people)))
    return _Round(len(latencies) / (time.perf_counter() - begin), latencies, way.statements() - statements)


def _pace(rounds: tuple[_Round, ...]) -> Pace:
    latencies = [latency for each in rounds for latency in each.latencies]
    percentiles = quantiles(latencies, n=100, method="inclusive")
    statements = sum(each.statements for each in rounds) / len(latencies)
    return Pace(median(each.per_second for each in rounds), percentiles[49], percentiles[98], statements)


async def _cpu(read: Callable[[], Awaitable[object]], seconds: float) -> float:
    for _ in range(WARM_UP):
        await read()
    begin, end, done = time.process_time(), time.perf_counter() + seconds, 0
    while time.perf_counter() < end or not done:
        await read()
        done += 1
    return (time.process_time() - begin) / done * 1000
