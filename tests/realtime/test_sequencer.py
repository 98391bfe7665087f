"""Each chat's changes leave in the order of their revisions; what is missing is not waited for in vain."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thespace.core.events import Audience
from thespace.core.ids import SpaceId
from thespace.realtime import sequencer as module
from thespace.realtime.sequencer import HOLD_SECONDS, Sequencer
from thespace.realtime.wire import Envelope


@dataclass
class Timers:
    """An event loop's timers, whose time passes when the test says so."""

    now: float = 0
    waiting: list[tuple[float, Callable[..., object], tuple[object, ...]]] = field(default_factory=list)

    def call_later(self, seconds: float, function: Callable[..., object], *arguments: object) -> None:
        self.waiting.append((self.now + seconds, function, arguments))

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self.waiting if timer[0] <= self.now]
        self.waiting = [timer for timer in self.waiting if timer[0] > self.now]
        for _, function, arguments in due:
            function(*arguments)


@dataclass
class Stage:
    """A sequencer, its timers, what it has released, and which gaps it wants to have read."""

    timers: Timers = field(default_factory=Timers)
    released: list[tuple[int | None, Any]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sequencer = Sequencer(
            lambda envelope: self.released.append((envelope.chat_id, envelope.revision or envelope.data)),
            self.timers.call_later,
            lambda chat_id, since: self.gaps.append((chat_id, since)),
        )

    def accept(self, *revisions: int, chat_id: int = 1) -> None:
        for revision in revisions:
            self.sequencer.accept(_envelope(chat_id, revision))

    def read(self, up_to: int, *, has_more: bool = False) -> None:
        """Answer the oldest gap with what the database knows."""
        chat_id, since = self.gaps.pop(0)
        envelope = replace(_envelope(chat_id, None), data={"since": since, "up to": up_to})
        self.sequencer.caught_up(envelope, chat_id, up_to, has_more=has_more)

    def revisions(self, chat_id: int = 1) -> list[Any]:
        return [revision for chat, revision in self.released if chat == chat_id]


def _envelope(chat_id: int | None, revision: int | None) -> Envelope:
    audience = Audience.space(SpaceId(1))
    return Envelope(name="new_message", audience=audience, data={}, chat_id=chat_id, revision=revision)


@pytest.fixture
def stage() -> Stage:
    """A stage on which chat 1 stands at revision 10."""
    stage = Stage()
    stage.accept(10)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.released.clear()
    return stage


def test_what_is_no_change_of_a_timeline_passes_at_once() -> None:
    stage = Stage()
    stage.sequencer.accept(_envelope(None, None))
    assert stage.released == [(None, {})]
    assert not stage.timers.waiting


def test_changes_in_order_pass_at_once(stage: Stage) -> None:
    stage.accept(11, 12, 13)
    assert stage.revisions() == [11, 12, 13]


def test_later_change_waits_for_the_one_before_it(stage: Stage) -> None:
    stage.accept(13, 12)
    assert stage.revisions() == []
    stage.accept(11)
    assert stage.revisions() == [11, 12, 13]


def test_gap_is_read_after_the_hold_and_told_to_everybody_at_once(stage: Stage) -> None:
    stage.accept(13, 12)
    stage.timers.pass_time(HOLD_SECONDS / 2)
    assert not stage.gaps
    stage.timers.pass_time(HOLD_SECONDS / 2)
    assert stage.gaps == [(1, 10)]
    assert stage.revisions() == []
    stage.read(up_to=14)
    assert stage.revisions() == [{"since": 10, "up to": 14}]
    stage.accept(15, 11)  # what was missing comes too late, and clients drop it
    assert stage.revisions()[1:] == [15, 11]


def test_what_was_read_does_not_replace_what_came_after_it(stage: Stage) -> None:
    stage.accept(12)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.accept(13, 14)
    stage.read(up_to=13)
    assert stage.revisions() == [{"since": 10, "up to": 13}, 14]
    stage.accept(15)
    assert stage.revisions()[2:] == [15]


def test_change_that_comes_while_the_gap_is_read_passes(stage: Stage) -> None:
    stage.accept(12)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.accept(11)
    assert stage.revisions() == [11, 12]
    stage.read(up_to=12)
    stage.accept(13)
    assert stage.revisions()[-1] == 13
    assert not stage.gaps


def test_gap_behind_what_was_read_is_read_too(stage: Stage) -> None:
    stage.accept(12, 15)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.read(up_to=13)
    assert stage.gaps == [(1, 13)]
    stage.read(up_to=15)
    assert stage.revisions() == [{"since": 10, "up to": 13}, {"since": 13, "up to": 15}]


def test_what_the_database_knows_and_nobody_told_is_read(stage: Stage) -> None:
    stage.sequencer.notice(1, 12)
    stage.accept(11)
    assert stage.revisions() == [11]
    stage.timers.pass_time(HOLD_SECONDS)
    assert stage.gaps == [(1, 11)]
    stage.read(up_to=12)
    assert stage.revisions()[1:] == [{"since": 11, "up to": 12}]


def test_what_is_told_in_a_moment_is_not_read(stage: Stage) -> None:
    stage.sequencer.notice(1, 12)
    stage.accept(11, 12)
    stage.timers.pass_time(HOLD_SECONDS)
    assert not stage.gaps
    assert stage.revisions() == [11, 12]


def test_chat_whose_place_is_known_need_not_be_held() -> None:
    stage = Stage()
    stage.sequencer.notice(1, 6)
    stage.accept(7)
    assert stage.revisions() == [7]


def test_gap_that_cannot_be_read_is_given_up(stage: Stage) -> None:
    stage.accept(14, 12)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.sequencer.give_up(1)
    assert stage.revisions() == [12, 14]
    stage.accept(15, 17)
    stage.timers.pass_time(HOLD_SECONDS)
    assert stage.revisions() == [12, 14, 15]
    assert stage.gaps[1:] == [(1, 15)]


def test_gap_that_the_database_does_not_know_is_given_up(stage: Stage) -> None:
    stage.accept(12)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.read(up_to=10)
    assert stage.revisions() == [12]
    assert not stage.gaps


def test_chat_seen_first_is_held_once() -> None:
    stage = Stage()
    stage.accept(7, 6)
    assert stage.revisions() == []
    stage.timers.pass_time(HOLD_SECONDS)
    stage.accept(8)
    assert stage.revisions() == [6, 7, 8]


def test_what_was_seen_passes_again_without_a_hold(stage: Stage) -> None:
    stage.accept(10, 9)
    assert stage.revisions() == [10, 9]
    assert not stage.timers.waiting


def test_chats_do_not_wait_for_each_other(stage: Stage) -> None:
    stage.accept(12)
    stage.accept(1, chat_id=2)
    stage.timers.pass_time(HOLD_SECONDS / 2)
    stage.accept(11)
    assert stage.released == [(1, 11), (1, 12)]


def test_number_of_chats_is_bounded_but_nothing_that_waits_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CHATS", 10)
    stage = Stage()
    for chat_id in range(50):
        stage.accept(1, chat_id=chat_id)
    stage.timers.pass_time(HOLD_SECONDS)
    assert len(stage.released) == 50
    stage.accept(1, chat_id=50)
    assert len(stage.sequencer._chats) == 10


def test_nothing_is_released_between_the_parts_of_a_gap(stage: Stage) -> None:
    stage.accept(13, 14, 15)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.read(up_to=13, has_more=True)
    stage.accept(16)
    stage.read(up_to=14)
    assert stage.revisions() == [{"since": 10, "up to": 13}, {"since": 13, "up to": 14}, 15, 16]


def test_a_gap_that_cannot_be_read_to_its_end_is_read_on_with_the_next_change(stage: Stage) -> None:
    stage.accept(13, 14)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.read(up_to=13, has_more=True)
    stage.sequencer.give_up(stage.gaps.pop(0)[0])
    stage.accept(15)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.read(up_to=15)
    stage.accept(16)
    assert stage.revisions() == [{"since": 10, "up to": 13}, {"since": 13, "up to": 15}, 16]


@settings(max_examples=200)
@given(st.permutations(range(11, 21)))
def test_any_order_within_the_hold_becomes_the_right_one(order: list[int]) -> None:
    stage = Stage()
    stage.accept(10)
    stage.timers.pass_time(HOLD_SECONDS)
    stage.accept(*order)
    assert stage.revisions() == [*range(10, 21)]


@settings(max_examples=200)
@given(st.lists(st.one_of(st.integers(1, 12), st.sampled_from(["time", "read", "fail"])), max_size=40))
def test_nothing_is_lost_and_nothing_is_held_for_ever(steps: list[int | str]) -> None:
    stage, newest = Stage(), 0
    for step in [*steps, *["time"] * 4, "read", "read"]:
        if isinstance(step, int):
            newest = max(newest, step)
            stage.accept(step)
        elif step == "time":
            stage.timers.pass_time(HOLD_SECONDS / 3)
        elif stage.gaps and step == "read":
            stage.read(up_to=newest)
        elif stage.gaps:
            stage.sequencer.give_up(stage.gaps.pop(0)[0])
    told = {r for r in stage.revisions() if isinstance(r, int)}
    for caught_up in (r for r in stage.revisions() if not isinstance(r, int)):
        told |= {*range(caught_up["since"] + 1, caught_up["up to"] + 1)}
    assert told >= {step for step in steps if isinstance(step, int)}
    assert not stage.timers.waiting
    assert not stage.gaps
