"""Spaces: communities with members, roles and chats of their own."""
