"""One authenticated socket."""

from dataclasses import dataclass, field

from thespace.core.actor import Actor
from thespace.core.events import Audience


@dataclass(eq=False, slots=True)
class Connection:
    """A socket and whose it is; lives as long as its login session, not as the token it came with.

    `views` are the chats its person looks at, each with the audience that may read it. `moves` counts how
    often it was told to follow its person.
    """

    sid: str
    actor: Actor
    views: dict[int, Audience] = field(default_factory=dict)
    moves: int = 0
