"""One authenticated socket."""

from dataclasses import dataclass, field

from thespace.core.actor import Actor
from thespace.core.events import Audience, AudienceKind


@dataclass(eq=False, slots=True)
class Connection:
    """A socket and whose it is; lives as long as its login session, not as the token it came with.

    `audiences` are the rooms it is in; `views` the chats its person looks at, each with the audience that may
    read it. `moves` counts how often it was told to follow its person.
    """

    sid: str
    actor: Actor
    audiences: set[Audience] = field(default_factory=set)
    views: dict[int, Audience] = field(default_factory=dict)
    moves: int = 0

    def spaces(self) -> list[int]:
        """Return the spaces it hears of."""
        return [int(audience.id) for audience in self.audiences if audience.kind is AudienceKind.SPACE]
