"""What may go wrong with spaces in particular."""

from thespace.core.errors import Conflict


class OwnerCannotLeave(Conflict):
    code, title = "owner_cannot_leave", "An owner cannot leave the space, only hand it over or delete it"
