"""The limits that clients are told of."""

from thespace.accounts.nicknames import MAX_LENGTH as MAX_NICKNAME_CHARACTERS
from thespace.chats.commands import MAX_CHATS
from thespace.core.pages import MAX_PAGE
from thespace.core.text import MAX_NAME_CHARACTERS
from thespace.messages.commands.react import MAX_REACTIONS
from thespace.messages.schemas import MAX_CONTENT_CHARACTERS
from thespace.sync.schemas import LimitsCard

LIMITS = LimitsCard(
    message_characters=MAX_CONTENT_CHARACTERS,
    nickname_characters=MAX_NICKNAME_CHARACTERS,
    name_characters=MAX_NAME_CHARACTERS,
    page=MAX_PAGE,
    reactions_per_message=MAX_REACTIONS,
    chats_per_space=MAX_CHATS,
)
