"""Where the demo lives: a data directory of its own, there only when it is completely filled."""

import shutil
from pathlib import Path

from thespace.data_directory import DataDirectory
from thespace.settings import SettingsError

MARK = "demo"
"""A file that tells a demo's directory from that of real people."""


class DemoPlace:
    """The demo's data directory, and the one beside it in which it is filled."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.filling = path.with_name(f"{path.name}.filling")

    def is_filled(self) -> bool:
        """Tell whether the demo is there; raises SettingsError when something else is."""
        if not self.path.exists():
            return False
        if not (self.path / MARK).is_file():
            raise SettingsError(
                f"{self.path} is there already, and it is not a demo: "
                "give the demo a directory of its own with --data."
            )
        return True

    def begin(self) -> None:
        """Make room for filling, instead of what an interrupted run may have left."""
        if self.filling.exists():
            if not (self.filling / MARK).is_file():
                raise SettingsError(f"{self.filling} is in the way: move it, or delete it.")
            left = DataDirectory(self.filling)
            left.lock()  # refused while somebody is still filling it
            shutil.rmtree(self.filling)
            left.unlock()
        self.filling.mkdir(mode=0o700, parents=True)
        (self.filling / MARK).touch()

    def finish(self) -> None:
        """Put the filled directory into its place, all at once."""
        self.filling.rename(self.path)
