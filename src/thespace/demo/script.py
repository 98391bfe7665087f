"""Turns the scenes of a chat into what is said, by whom and when. Pure: the same seed says the same.

A file of scenes begins with lists of words to fill in, one to a line: `tool = a drill | a ladder`. Empty
lines separate the scenes, of which the first is played last, for visitors to see. A line of a scene is

    who: text

`who` is somebody of the chat, the same throughout the scene: a name that begins with w is a woman's, with m a
man's, others are anybody's. Behind it `^` answers the message before and `^2` the one before that, `!` is
deleted later, `+` comes after a while.

In the text `{one|other}` is either, `{tool}` a word of that list, the same throughout the scene, `{who}` the
first name of somebody in the scene, and `\\n` begins a new line. ` => other text` at the end is what it is
edited to, ` [👍3 🎉]` are reactions, by three people and by one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from thespace.demo.content import Person

MORNING_HOUR, NIGHT_HOUR = 6, 21
"""In UTC, between which people write."""
_LIST = re.compile(r"(\w+) = (.*)")
_LINE = re.compile(
    r"(?P<who>\w+)(?P<deleted>!?)(?P<later>\+?)(?:(?P<answers>\^)(?P<back>\d*))?: (?P<text>.*?)"
    r"(?: => (?P<edited>.*?))?(?: \[(?P<reactions>[^\]]*)\])?"
)
_REACTION = re.compile(r"(?P<emoji>\D+)(?P<times>\d*)")
_GAP = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a scene as it is written; `back` is how many lines before lies the one it answers."""

    who: str
    text: str
    edited: str | None
    back: int | None
    is_deleted: bool
    is_later: bool
    reactions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Scenes:
    lists: dict[str, list[str]]
    scenes: list[list[Line]]


@dataclass(slots=True)
class Said:
    """One message of the demo; `answers` is the place of another one in the same list."""

    author: Person
    moment: datetime
    text: str
    answers: int | None = None
    edited: str | None = None
    is_deleted: bool = False
    reactions: list[tuple[str, Person]] = field(default_factory=list)


def parse_scenes(text: str) -> Scenes:
    """Return the lists and scenes of a file; raises ValueError at a line that is neither."""
    head, *blocks = re.split(r"\n\s*\n", text.strip())
    lists = {name: words.split(" | ") for name, words in map(_list, head.splitlines())}
    return Scenes(lists, [[_line(line) for line in block.splitlines()] for block in blocks])


def write_dialogue(
    scenes: Scenes, people: Sequence[Person], count: int, *, days: int, until: datetime, random: Random
) -> list[Said]:
    """Return `count` messages, in order, spread over the days before a moment."""
    played: list[list[Line]] = []
    while sum(map(len, played)) < count:
        played += sorted(random.sample(scenes.scenes, len(scenes.scenes)), key=scenes.scenes[0].__eq__)
    said: list[Said] = []
    for scene, moments in zip(played, _schedule(played, days, until, random), strict=True):
        said += _Staging(scenes.lists, people, random).play(scene, moments, first=len(said))
    return _last(said, count)


class _Staging:
    """One performance of a scene: who plays whom, and which words are filled in."""

    def __init__(self, lists: dict[str, list[str]], people: Sequence[Person], random: Random) -> None:
        self._words = {name: random.choice(words) for name, words in lists.items()}
        self._people = people
        self._free = random.sample(people, len(people))
        self._cast: dict[str, Person] = {}
        self._random = random

    def play(self, scene: Sequence[Line], moments: Sequence[datetime], first: int) -> list[Said]:
        self._cast_roles({line.who for line in scene})
        return [
            Said(
                author=self._cast[line.who],
                moment=moment,
                text=self._fill(line.text),
                answers=None if line.back is None else first + place - line.back,
                edited=line.edited and self._fill(line.edited),
                is_deleted=line.is_deleted,
                reactions=self._reactions(line),
            )
            for place, (line, moment) in enumerate(zip(scene, moments, strict=True))
        ]

    def _cast_roles(self, roles: set[str]) -> None:
        # Whoever may be anybody chooses last.
        for role in sorted(roles, key=lambda role: (role[0] not in "mw", role)):
            self._cast[role] = next(person for person in self._free if _suits(person, role))
            self._free.remove(self._cast[role])

    def _fill(self, text: str) -> str:
        filled = _GAP.sub(lambda gap: self._word(gap[1]), text).replace("\\n", "\n")
        return filled[0].upper() + filled[1:] if text[0] == "{" else filled

    def _word(self, gap: str) -> str:
        if "|" in gap:
            return self._random.choice(gap.split("|"))
        return self._cast[gap].first_name if gap in self._cast else self._words[gap]

    def _reactions(self, line: Line) -> list[tuple[str, Person]]:
        others = [person for person in self._people if person is not self._cast[line.who]]
        return [
            (emoji, person)
            for emoji, times in line.reactions
            for person in self._random.sample(others, min(times, len(others)))
        ]


def _suits(person: Person, role: str) -> bool:
    return role[0] not in "mw" or person.is_woman == (role[0] == "w")


def _list(line: str) -> tuple[str, str]:
    found = _LIST.fullmatch(line)
    if found is None:
        raise ValueError(f"not a list of words: {line}")
    return found[1], found[2]


def _line(line: str) -> Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a line of a scene: {line}")
    reactions = (_REACTION.fullmatch(word) for word in (found["reactions"] or "").split())
    return Line(
        who=found["who"],
        text=found["text"],
        edited=found["edited"],
        back=int(found["back"] or 1) if found["answers"] else None,
        is_deleted=bool(found["deleted"]),
        is_later=bool(found["later"]),
        reactions=tuple(
            (reaction["emoji"], int(reaction["times"] or 1)) for reaction in reactions if reaction
        ),
    )


def _schedule(
    played: Sequence[Sequence[Line]], days: int, until: datetime, random: Random
) -> list[list[datetime]]:
    """Return the moments of each scene's lines: laid out backwards, to end at `until`."""
    pause_seconds = days * (NIGHT_HOUR - MORNING_HOUR) * 3600 / len(played)
    end = until - timedelta(seconds=random.uniform(60, 600))
    schedule = []
    for scene in reversed(played):
        end = _awake(end)
        moments = [end]
        moments += [(end := end - _time_before(line, random)) for line in scene[:0:-1]]
        schedule.append(moments[::-1])
        end -= timedelta(seconds=random.uniform(0.4, 1.6) * pause_seconds)
    return schedule[::-1]


def _time_before(line: Line, random: Random) -> timedelta:
    """Return how long a line takes to think of and to write."""
    thought = random.uniform(1500, 6000) if line.is_later else random.expovariate(1 / 40)
    return timedelta(seconds=4 + thought + len(line.text) / 6)


def _awake(moment: datetime) -> datetime:
    """Return the last moment, not after this one, at which people write."""
    if moment.hour >= NIGHT_HOUR:
        return moment.replace(hour=NIGHT_HOUR - 1)
    if moment.hour < MORNING_HOUR:
        return moment.replace(hour=NIGHT_HOUR - 1) - timedelta(days=1)
    return moment


def _last(said: list[Said], count: int) -> list[Said]:
    """Return the last messages; what answered one before them answers none."""
    dropped = len(said) - count
    kept = said[dropped:]
    for message in kept:
        if message.answers is not None:
            message.answers = message.answers - dropped if message.answers >= dropped else None
    return kept
