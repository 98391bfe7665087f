"""How fast one person may write."""

from thespace.core.limits import Limit

SENDS = Limit("send_message", 10, 10)
"""Per person and chat: five in five seconds for as long as they like, and ten at once."""
