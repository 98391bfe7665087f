import pytest

from thespace.core.errors import RateLimited
from thespace.core.limits import MAX_KEYS, Limit, Limits

TRIES = Limit("tries", 3, 60)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock=clock)


def _wait_of(limits: Limits, *key: object, limit: Limit = TRIES) -> int:
    with pytest.raises(RateLimited) as refused:
        limits.hit(limit, *key)
    seconds = refused.value.params["retry_after_seconds"]
    assert isinstance(seconds, int)
    return seconds


def test_one_more_than_allowed_is_refused_and_told_when_to_come_back(limits: Limits, clock: Clock) -> None:
    for _ in range(3):
        limits.hit(TRIES, "alice")
        clock.seconds += 10
    assert _wait_of(limits, "alice") == 30
    clock.seconds += 29.5
    assert _wait_of(limits, "alice") == 1
    clock.seconds += 0.5
    limits.hit(TRIES, "alice")
    assert _wait_of(limits, "alice") == 10


def test_no_span_has_more_than_allowed(limits: Limits, clock: Clock) -> None:
    accepted: list[float] = []
    for _ in range(200):
        clock.seconds += 7
        try:
            limits.hit(TRIES, "alice")
        except RateLimited:
            continue
        accepted.append(clock.seconds)
    assert len(accepted) > 50
    assert all(later - earlier >= 60 for earlier, later in zip(accepted, accepted[3:], strict=False))


def test_keys_and_limits_are_counted_apart(limits: Limits) -> None:
    for _ in range(3):
        limits.hit(TRIES, "alice", 1)
    limits.hit(TRIES, "alice", 2)
    limits.hit(TRIES, "bob", 1)
    limits.hit(Limit("others", 3, 60), "alice", 1)
    assert _wait_of(limits, "alice", 1) == 60


def test_what_is_forgotten_counts_no_longer(limits: Limits) -> None:
    limits.forget(TRIES, "alice")
    for _ in range(3):
        limits.hit(TRIES, "alice")
    limits.forget(TRIES, "alice")
    limits.hit(TRIES, "alice")


def test_switched_off_nothing_is_counted(clock: Clock) -> None:
    limits = Limits(enabled=False, clock=clock)
    for _ in range(10):
        limits.hit(TRIES, "alice")


def test_what_has_expired_takes_no_memory(limits: Limits, clock: Clock) -> None:
    for key in range(1000):
        limits.hit(TRIES, key)
    clock.seconds += 61
    limits.hit(TRIES, "alice")
    assert len(limits._windows[TRIES]) == 1


def test_keys_are_bounded_and_the_longest_unused_goes_first(limits: Limits) -> None:
    for key in range(MAX_KEYS):
        limits.hit(TRIES, key)
    limits.hit(TRIES, 0)
    limits.hit(TRIES, 0)
    limits.hit(TRIES, "one more")
    assert len(limits._windows[TRIES]) == MAX_KEYS
    assert _wait_of(limits, 0) == 60
    assert (1,) not in limits._windows[TRIES]
