"""Keys of the installation: one per purpose, all from one secret."""

import hashlib
import hmac


def derive_key(secret: str, purpose: str) -> bytes:
    """Return the 32-byte key of a purpose; what is signed for one means nothing for another."""
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)
