"""What may go wrong with chats in particular."""

from thespace.core.errors import Conflict


class TooManyChats(Conflict):
    code, title = "too_many_chats", "This space has as many chats as a space may have"
