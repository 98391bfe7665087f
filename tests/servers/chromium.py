"""A real Chromium for the browser tests: `find_chromium()` returns one, installing it when there is none.

`python -m tests.servers.chromium` prints its path.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "The browser tests need Chromium: install it (Debian: apt-get install chromium), "
    "or give the path of one in SPACE_CHROMIUM, then run the tests again."
)


def find_chromium() -> Path:
    """Return the Chromium of SPACE_CHROMIUM, of PATH, of the distribution or of Playwright, in this order."""
    if given := os.environ.get("SPACE_CHROMIUM"):
        return _checked(Path(given))
    return _on_path() or _from_distribution() or _from_playwright()


def launch_arguments() -> list[str]:
    """Return the options for tests: nothing in the background, and no sandbox as root, where it cannot be."""
    quiet = ["--disable-gpu", "--disable-quic", "--disable-background-networking"]
    is_root = os.name == "posix" and os.geteuid() == 0
    return [*quiet, "--no-sandbox"] if is_root else quiet


def _checked(path: Path) -> Path:
    if not path.is_file():
        sys.exit(f"SPACE_CHROMIUM is {path}, where there is no file. {ADVICE}")
    return path


def _on_path() -> Path | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def _from_distribution() -> Path | None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    print("Installing Chromium from the distribution ...", file=sys.stderr)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "chromium"]):
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    return _on_path()


def _from_playwright() -> Path:
    print("Installing Playwright's Chromium ...", file=sys.stderr)
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(install, stdout=sys.stderr, check=False)
    program = (
        "from playwright.sync_api import *\nwith sync_playwright() as it: print(it.chromium.executable_path)"
    )
    told = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    path = Path(told.stdout.strip() or ".")
    if not path.is_file():
        sys.exit(ADVICE)
    return path


if __name__ == "__main__":
    print(find_chromium())
