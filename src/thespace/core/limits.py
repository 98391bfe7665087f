"""How often something may be done: moving windows, in the memory of this process."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from thespace.core.errors import RateLimited

MAX_KEYS = 50_000
"""Of one limit. Beyond it the longest unused are forgotten, so that nobody can fill the memory with keys."""

_Windows = OrderedDict[tuple[Hashable, ...], deque[float]]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any span of `seconds`. The name tells limits apart."""

    name: str
    times: int
    seconds: int


class Limits:
    """Counts what people do. Nothing waits inside, so that concurrent tries cannot slip through together.

    The `limits` library was tried: after every hit its store in memory visits every key through a thread,
    18 ms of CPU with 500 keys.
    """

    def __init__(self, *, enabled: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._enabled = enabled
        self._clock = clock
        self._windows: dict[Limit, _Windows] = {}

    def hit(self, limit: Limit, *key: Hashable) -> None:
        """Count one try under a key, or raise RateLimited with `retry_after_seconds`.

        A refused try is not counted: who waits as long as they are told is let in.
        """
        if not self._enabled:
            return
        now = self._clock()
        windows = self._windows.setdefault(limit, OrderedDict())
        _forget_expired(windows, now - limit.seconds)
        times = windows.setdefault(key, deque(maxlen=limit.times))
        if len(times) == limit.times and (wait := times[0] + limit.seconds - now) > 0:
            raise RateLimited(retry_after_seconds=math.ceil(wait))
        times.append(now)
        windows.move_to_end(key)
        if len(windows) > MAX_KEYS:
            windows.popitem(last=False)

    def forget(self, limit: Limit, *key: Hashable) -> None:
        """Forget all tries under a key."""
        self._windows.get(limit, _Windows()).pop(key, None)


def _forget_expired(windows: _Windows, start: float) -> None:
    # In the order of their latest hits: whatever has expired stands in front.
    while windows and next(iter(windows.values()))[-1] <= start:
        windows.popitem(last=False)
