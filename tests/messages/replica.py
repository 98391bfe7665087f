"""A client in its smallest form: a page, and what events make of it."""

from copy import deepcopy
from typing import Any

from thespace.core.events import ChatChanged, Event
from thespace.core.ids import UserId
from thespace.messages.schemas import EXCERPT_CHARACTERS, MessageOut, ReactionBody


class Replica:
    """What one reader knows of one chat."""

    def __init__(self, reader_id: UserId) -> None:
        self.reader_id = reader_id
        self.revision = self.last_seq = 0
        self._messages: dict[int, Any] = {}

    def copy(self) -> "Replica":
        return deepcopy(self)

    def page(self) -> Any:
        """Return the state in the form of a page."""
        messages = sorted(self._messages.values(), key=lambda message: message["seq"])
        return comparable({"messages": messages, "revision": self.revision, "last_seq": self.last_seq})

    def apply(self, event: Event) -> None:
        """Apply a change of the timeline; the next one has the next revision."""
        assert isinstance(event, ChatChanged)
        assert event.revision == self.revision + 1
        self.revision = event.revision
        body = event.body.model_dump(mode="json")
        if isinstance(event.body, MessageOut):
            self._merge(body)
        else:
            assert isinstance(event.body, ReactionBody)
            self._react(body)

    def catch_up(self, changes: Any) -> None:
        """Apply what `/changes` answered since our revision."""
        assert not changes["has_more"]
        for message in changes["changes"]:
            self._merge(message)
        self.revision = changes["revision"]

    def _merge(self, message: Any) -> None:
        self.last_seq = max(self.last_seq, message["seq"])
        for reaction in message["reactions"]:
            reaction["mine"] = self.reader_id in reaction["user_ids"]
        self._messages[message["id"]] = message
        for other in self._messages.values():
            if other["reply_to"] and other["reply_to"]["id"] == message["id"]:
                excerpt = " ".join((message["content"] or "")[:EXCERPT_CHARACTERS].split())
                other["reply_to"] |= {"excerpt": excerpt, "is_deleted": message["deleted_at"] is not None}

    def _react(self, body: Any) -> None:
        message = self._messages[body["message_id"]]
        others = [reaction for reaction in message["reactions"] if reaction["emoji"] != body["emoji"]]
        mine = self.reader_id in body["user_ids"]
        now = {name: body[name] for name in ("emoji", "count", "user_ids")} | {"mine": mine}
        message["reactions"] = [*others, now] if body["count"] else others
        message["revision"] = body["revision"]


def comparable(page: Any) -> Any:
    """Return a page with the reactions of each message in a fixed order.

    When the first to use an emoji takes it back, its place among the others changes; events do not tell.
    """
    page = deepcopy(page)
    for message in page["messages"]:
        message["reactions"].sort(key=lambda reaction: reaction["emoji"])
    return page
