"""What is said in the demo, and when."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from thespace.demo.content import HOST, PEOPLE, SPACES, Chat, Space
from thespace.demo.script import MORNING_HOUR, NIGHT_HOUR, Said, parse_scenes, write_dialogue

UNTIL = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
PLACES = [(space, chat) for space in SPACES for chat in space.chats]


def dialogue(script: str, count: int, seed: int = 1, until: datetime = UNTIL) -> list[Said]:
    scenes = parse_scenes(script)
    return write_dialogue(scenes, PEOPLE, count, days=10, until=until, random=Random(seed))


def test_a_line_says_who_answers_whom_with_which_words() -> None:
    first, second = dialogue(
        "tool = a drill\n\nw: Who has {tool}? [👍3 🎉]\nm^: {w}, it is {here|here}\\nTake it => Take it, {w}",
        2,
    )
    assert first.text == "Who has a drill?"
    assert Counter(emoji for emoji, _ in first.reactions) == {"👍": 3, "🎉": 1}
    assert first.author not in [person for _, person in first.reactions]
    assert (first.author.is_woman, second.author.is_woman) == (True, False)
    assert second.text == f"{first.author.first_name}, it is here\nTake it"
    assert second.edited == f"Take it, {first.author.first_name}"
    assert (first.answers, second.answers) == (None, 0)


@pytest.mark.parametrize("script", ["no list\n\na: Hello", "tool = a drill\n\nnobody says this"])
def test_a_line_that_is_none_is_refused(script: str) -> None:
    with pytest.raises(ValueError, match=r"no list|nobody says this"):
        parse_scenes(script)


def test_the_same_seed_says_the_same() -> None:
    script = SPACES[0].chats[0].script()
    assert dialogue(script, 100) == dialogue(script, 100)
    assert dialogue(script, 100) != dialogue(script, 100, seed=2)


@pytest.mark.parametrize("hour", range(24))
def test_nobody_begins_to_write_at_night_and_all_is_in_order(hour: int) -> None:
    until = UNTIL.replace(hour=hour)
    said = dialogue("a = b\n\na: Hello\nb: Hi\nc: Hey", 60, until=until)
    moments = [message.moment for message in said]
    assert moments == sorted(moments)
    assert until - timedelta(days=20) < moments[0] < moments[-1] < until
    assert all(MORNING_HOUR - 1 <= moment.hour < NIGHT_HOUR for moment in moments)


def test_an_answer_to_what_was_cut_off_answers_nothing() -> None:
    said = dialogue("a = b\n\na: Hello\nb^: Hi", 3)
    assert [message.answers for message in said] == [None, None, 1]


@pytest.mark.parametrize(("space", "chat"), PLACES, ids=[chat.scenes for _, chat in PLACES])
def test_every_scene_can_be_played_by_who_is_there(space: Space, chat: Chat) -> None:
    here = {space.owner, *space.members} - {HOST}
    people = [person for person in PEOPLE if person.nickname in here and chat.language in person.languages]
    scenes = parse_scenes(chat.script())
    said = write_dialogue(scenes, people, chat.messages, days=10, until=UNTIL, random=Random(1))
    assert len(said) == chat.messages
    assert not any("{" in message.text.replace("```", "") for message in said)
