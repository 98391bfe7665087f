"""The directory an installation lives in: private, locked while in use, keeper of the secret."""

import os
import secrets
import sys
from pathlib import Path
from typing import IO

from thespace.settings import SettingsError, check_secret

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class DataDirectory:
    """`thespace.db secret.key lock backups/` of one installation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_file: IO[str] | None = None

    @property
    def database(self) -> Path:
        """The embedded database's file."""
        return self.path / "thespace.db"

    @property
    def backups(self) -> Path:
        """Where copies made before a migration lie."""
        return self.path / "backups"

    def prepare(self) -> None:
        """Create the directory, mode 0700, and make sure that it can be written."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.path / f".probe-{os.getpid()}"
            probe.touch(mode=0o600)
            probe.unlink()
            # Created before SQLite does, which would let everybody read it.
            self.database.touch(mode=0o600)
        except OSError as error:
            raise SettingsError(
                f"The data directory {self.path} cannot be written ({error.strerror}): "
                "give this user the right to, or set SPACE_DATA_DIR to another directory."
            ) from None

    def lock(self) -> None:
        """Hold the directory until the process ends; raise SettingsError when another process holds it.

        The operating system lets go of the lock when the process dies, however it dies.
        """
        file = (self.path / "lock").open("a")
        try:
            _lock(file)
        except OSError:
            file.close()
            raise SettingsError(
                f"The data directory {self.path} is in use by another server: "
                "stop that one, or set SPACE_DATA_DIR to another directory."
            ) from None
        self._lock_file = file

    def unlock(self) -> None:
        """Let another process have the directory."""
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    def secret(self) -> str:
        """Return the installation's secret, generated on the first start; needs the lock."""
        path = self.path / "secret.key"
        if not path.exists():
            _write_whole(path, secrets.token_hex(32))
        secret = path.read_text().strip()
        try:
            check_secret(secret)
        except ValueError as error:
            raise SettingsError(
                f"The secret in {path} {error}, or delete the file to have a new one."
            ) from None
        return secret


def _write_whole(path: Path, content: str) -> None:
    """Write a private file that is either whole or absent, whenever the process dies."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
