"""A client's view of a chat, by the rule that all clients follow: what the promises are made to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

EXCERPT_CHARACTERS = 200
TIMELINE_EVENTS = frozenset(
    {
        "new_message",
        "message_edited",
        "message_deleted",
        "reaction_added",
        "reaction_removed",
        "messages_changed",
    }
)


@dataclass
class Replica:
    """One reader's copy of a whole chat. `known` is the revision up to which nothing is missing."""

    me: int
    known: int = 0
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    held: list[tuple[str, Any]] = field(default_factory=list)
    is_half_read: bool = False

    @property
    def is_behind(self) -> bool:
        """Tell whether something is missing, so that changes have to be fetched."""
        return bool(self.held) or self.is_half_read

    def place(self, pages: Iterable[dict[str, Any]]) -> None:
        """Begin with pages, the newest first: it alone says what is known."""
        for number, page in enumerate(pages):
            if number == 0:
                self.known = page["revision"]
            for message in page["messages"]:
                self._merge(message)
        self._drain()

    def hear(self, name: str, body: Any) -> None:
        """Take an event: known ones are dropped, the next is applied, a later one is held."""
        if body["revision"] > self.known:
            self.held.append((name, body))
            self._drain()

    def catch_up(self, changes: dict[str, Any]) -> None:
        """Merge a page of changes. Until the last one, messages that changed again later are missing."""
        for message in changes["changes"]:
            self._merge(message)
        self.known = max(self.known, changes["revision"])
        self.is_half_read = changes["has_more"]
        self._drain()

    def view(self) -> list[dict[str, Any]]:
        """Return the messages in order; which emoji came first is no part of it."""
        return view_of(self.messages.values())

    def _drain(self) -> None:
        self.held.sort(key=_since)
        while not self.is_half_read and self.held and _since(self.held[0]) <= self.known:
            name, body = self.held.pop(0)
            if body["revision"] > self.known:
                self.known = body["revision"]
                self._apply(name, body)

    def _apply(self, name: str, body: Any) -> None:
        if name == "messages_changed":
            for message in body["changes"]:
                self._merge(message)
        elif name.startswith("reaction_"):
            self._react(body, is_on=name == "reaction_added")
        else:
            self._merge(body)

    def _merge(self, message: dict[str, Any]) -> None:
        known = self.messages.get(message["id"])
        if known is not None and known["revision"] >= message["revision"]:
            return
        before = {each["emoji"]: each["mine"] for each in known["reactions"]} if known else {}
        reactions = [each | {"mine": self._mine(each, before)} for each in message["reactions"]]
        self.messages[message["id"]] = message | {"reactions": reactions}
        self._quote(message)

    def _mine(self, reaction: dict[str, Any], before: dict[str, bool]) -> bool:
        """Tell whether a reaction is ours: told to us alone, or one of the first, or as it was."""
        if "mine" in reaction:
            return bool(reaction["mine"])
        if len(reaction["user_ids"]) == reaction["count"]:
            return self.me in reaction["user_ids"]
        return self.me in reaction["user_ids"] or before.get(reaction["emoji"], False)

    def _quote(self, source: dict[str, Any]) -> None:
        """Let what answers a message quote what it says now, as the server cuts it."""
        excerpt = " ".join((source["content"] or "")[:EXCERPT_CHARACTERS].split())
        said = {"excerpt": excerpt, "is_deleted": source["deleted_at"] is not None}
        for message in self.messages.values():
            if message["reply_to"] and message["reply_to"]["id"] == source["id"]:
                message["reply_to"] = message["reply_to"] | said

    def _react(self, body: dict[str, Any], *, is_on: bool) -> None:
        message = self.messages.get(body["message_id"])
        if message is None or message["revision"] >= body["revision"]:
            return
        reactions = {each["emoji"]: each for each in message["reactions"]}
        before = reactions.pop(body["emoji"], {"mine": False})
        if body["count"]:
            mine = is_on if body["user_id"] == self.me else before["mine"] or self.me in body["user_ids"]
            kept = {key: body[key] for key in ("emoji", "count", "user_ids")}
            reactions[body["emoji"]] = kept | {"mine": mine}
        message["reactions"] = list(reactions.values())
        message["revision"] = body["revision"]


def view_of(messages: Iterable[dict[str, Any]], reader_id: int | None = None) -> list[dict[str, Any]]:
    """Return messages in order, reactions by emoji; as they are for another reader, if one is given.

    That works as long as all who reacted are shown.
    """

    def seen(reaction: dict[str, Any]) -> dict[str, Any]:
        return reaction if reader_id is None else reaction | {"mine": reader_id in reaction["user_ids"]}

    return [
        message | {"reactions": {each["emoji"]: seen(each) for each in message["reactions"]}}
        for message in sorted(messages, key=lambda each: int(each["seq"]))
    ]


def _since(event: tuple[str, Any]) -> int:
    """Return the revision that an event goes on from."""
    _, body = event
    since: int = body["since"] if "since" in body else body["revision"] - 1
    return since
