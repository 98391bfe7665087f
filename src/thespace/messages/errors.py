"""What may go wrong with messages in particular."""

from thespace.core.errors import Conflict, Forbidden


class NonceReused(Conflict):
    code, title = "nonce_reused", "This nonce already belongs to a different message"


class MessageIsDeleted(Conflict):
    code, title = "message_deleted", "This message has been deleted"


class TooManyReactions(Conflict):
    code, title = "too_many_reactions", "This message has as many different reactions as a message may have"


class NotAuthor(Forbidden):
    code, title = "not_author", "Only its author may edit a message"
