"""Hashing passwords: slow by intent, hence in a few threads of its own and never inside a unit of work."""

import asyncio
import base64
import hashlib
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.bcrypt import BcryptHasher

from thespace.core.errors import Unavailable

T = TypeVar("T")

ROUNDS = 12
"""A quarter of a second per hash on a slow core."""
MAX_THREADS = 4
MAX_WAITING_PER_THREAD = 16
"""About four seconds of waiting; whoever comes later is better told at once."""


class Passwords:
    """Hashes and verifies with bcrypt, over base64(SHA-384) because bcrypt takes 72 bytes at most."""

    def __init__(self, *, rounds: int = ROUNDS) -> None:
        threads = min(MAX_THREADS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(threads * (1 + MAX_WAITING_PER_THREAD))
        self._hasher = PasswordHash([BcryptHasher(rounds)])
        # Well-formed and as costly as a real one, but the hash of nothing.
        self._nobodys_hash = f"$2b${rounds:02}$" + "." * 53

    async def hash(self, password: str) -> str:
        """Return the hash to store; raises Unavailable when too many are waiting."""
        return await self._run(lambda: self._hasher.hash(_prehash(password)))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Tell whether a password is the one that was hashed; raises Unavailable when too many are waiting.

        Without a hash the answer is no and takes as long: the time must not tell who has an account.
        """
        stored = password_hash or self._nobodys_hash
        is_right = await self._run(lambda: self._hasher.verify(_prehash(password), stored))
        return is_right and password_hash is not None

    def close(self) -> None:
        """Let the threads end; who still waits is cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise Unavailable("Too many people are signing in right now.")
        future = self._threads.submit(work)
        # Not when the caller stops waiting: a thread that is already hashing goes on.
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _prehash(password: str) -> bytes:
    normalized = unicodedata.normalize("NFKC", password)
    return base64.b64encode(hashlib.sha384(normalized.encode()).digest())
