"""What may be asked of a timeline: one frozen value for each kind of change."""

from dataclasses import dataclass

from thespace.core.actor import Actor
from thespace.core.ids import ChatId, MessageId
from thespace.messages.schemas import NewMessage


@dataclass(frozen=True, slots=True)
class Send:
    """Append a message. `nonce` is the client's, or one of ours; it begins with `~` then."""

    actor: Actor
    chat_id: ChatId
    new: NewMessage
    nonce: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace a message's content."""

    actor: Actor
    message_id: MessageId
    content: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Leave a tombstone."""

    actor: Actor
    message_id: MessageId


@dataclass(slots=True)
class React:
    """Add or take back a reaction. `on` None toggles; the first attempt decides what that means."""

    actor: Actor
    message_id: MessageId
    emoji: str
    on: bool | None


Change = Send | Edit | Delete | React
