"""Messages: the timeline of a chat, its reactions and versions, and how far everybody has read."""
