"""Chats: the conversations of a space, and how far everybody has read."""
