"""Adding reactions and taking them back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from thespace.core.ids import ChatId, MessageId
from thespace.db.coalesce import Attempt
from thespace.messages.batch import Batch
from thespace.messages.changes import React
from thespace.messages.errors import TooManyReactions
from thespace.messages.events import ReactionAdded, ReactionRemoved
from thespace.messages.queries import Reactions
from thespace.messages.schemas import MessageOut, ReactionBody, ReactionResult
from thespace.spaces.policy import NO_PERMISSIONS, Permission

MAX_REACTIONS = 30
Key = tuple[MessageId, str, int]
"""A message, an emoji, a person."""


@dataclass(slots=True)
class _Fold:
    """What becomes of reactions in a batch: many toggles of one are one change, or none."""

    was_on: dict[Key, bool] = field(default_factory=dict)
    is_on: dict[Key, bool] = field(default_factory=dict)
    emojis: dict[MessageId, set[str]] = field(default_factory=dict)

    def changed(self) -> list[Key]:
        """Return what is not as it was, in the order in which it was asked for."""
        return [key for key, on in self.is_on.items() if on != self.was_on[key]]


async def react_to_messages(batch: Batch, attempts: Sequence[Attempt[React]]) -> None:
    """Add or take back reactions; one that is as it shall be changes nothing.

    Adding needs `add_reactions`, taking back nothing. Refuses tombstones, and a distinct emoji above
    MAX_REACTIONS.
    """
    fold = _Fold()
    batch.decide(attempts, lambda attempt: _fold(batch, fold, attempt))
    changed = fold.changed()
    revisions = {key: _touch(batch, key[0]) for key in changed}
    await _write(batch, fold, revisions)
    if not attempts or not any(isinstance(batch.answers[attempt], tuple) for attempt in attempts):
        return
    after = await _reread(batch, attempts) if changed else batch.reactions
    for key in changed:
        kind = ReactionAdded if fold.is_on[key] else ReactionRemoved
        _emit(batch, kind, _body(after, batch.targets[key[0]], key, revisions[key]))
    for attempt in attempts:
        key = batch.answers[attempt]
        if isinstance(key, tuple):
            message = batch.targets[key[0]]
            body = _body(after, message, key, revisions.get(key, message.revision))
            attempt.taken = revisions.get(key)
            if attempt.taken is None and attempt.unheard == message.revision:
                _emit(batch, ReactionAdded if fold.is_on[key] else ReactionRemoved, body)
            batch.answers[attempt] = ReactionResult(**dict(body), on=fold.is_on[key])


def _fold(batch: Batch, fold: _Fold, attempt: Attempt[React]) -> Key:
    """Fold one attempt into what becomes of its reaction, and return which one that is."""
    change = attempt.change
    access, message = batch.living_target(change.actor, change.message_id)
    key = (change.message_id, change.emoji, change.actor.user_id)
    counts = batch.reactions.under(message.id, change.actor.user_id)
    was_on = fold.was_on.setdefault(key, any(c.emoji == change.emoji and bool(c.mine) for c in counts))
    if change.on is None:
        # Decided once: repeated after a lost commit, a toggle would undo itself.
        change.on = not fold.is_on.get(key, was_on)
    access.require(Permission.ADD_REACTIONS if change.on else NO_PERMISSIONS)
    emojis = fold.emojis.setdefault(change.message_id, {count.emoji for count in counts})
    if change.on and change.emoji not in emojis and len(emojis) >= MAX_REACTIONS:
        raise TooManyReactions(max_reactions=MAX_REACTIONS)
    if change.on:
        emojis.add(change.emoji)
    fold.is_on[key] = change.on
    return key


def _touch(batch: Batch, message_id: MessageId) -> int:
    message = batch.targets[message_id]
    _, revision = batch.held.take(ChatId(message.chat_id))
    batch.targets[message_id] = message.model_copy(update={"revision": revision})
    return revision


async def _write(batch: Batch, fold: _Fold, revisions: dict[Key, int]) -> None:
    if not revisions:
        return
    rows = {
        on: [(*key, revision) for key, revision in revisions.items() if fold.is_on[key] is on]
        for on in (True, False)
    }
    if rows[True]:
        await batch.uow.execute(batch.sql.insert_reactions, batch.sql.reactions.bind(rows[True]))
    if rows[False]:
        await batch.uow.execute(batch.sql.delete_reactions, batch.sql.reactions.bind(rows[False]))
    touched = {message_id: batch.targets[message_id].revision for message_id, _, _ in revisions}
    await batch.uow.execute(batch.sql.update_touched, batch.sql.touched.bind(list(touched.items())))


async def _reread(batch: Batch, attempts: Sequence[Attempt[React]]) -> Reactions:
    ids = batch.sql.ids.bind(sorted({(attempt.change.message_id,) for attempt in attempts}))
    return Reactions(await batch.uow.rows(batch.sql.find_reactions, ids | batch.sql.readers.bind([])))


def _body(reactions: Reactions, message: MessageOut, key: Key, revision: int) -> ReactionBody:
    _, emoji, user_id = key
    count, user_ids = reactions.of(message.id, emoji)
    return ReactionBody(
        chat_id=message.chat_id,
        message_id=message.id,
        revision=revision,
        user_id=user_id,
        emoji=emoji,
        count=count,
        user_ids=user_ids,
    )


def _emit(batch: Batch, kind: type[ReactionAdded] | type[ReactionRemoved], body: ReactionBody) -> None:
    chat_id = ChatId(body.chat_id)
    batch.uow.emit(
        kind(audience=batch.held.audience(chat_id), chat_id=chat_id, revision=body.revision, body=body)
    )
