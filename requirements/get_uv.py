"""Print the path of uv: the one on PATH when it is recent enough, else one of our own in `.tools/uv`."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 8)

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / ".tools" / "uv"
OWN_BIN = OWN / ("Scripts" if os.name == "nt" else "bin")


def get_uv() -> Path:
    """Return the path of a usable uv, installing one, pinned and hashed, when there is none."""
    for candidate in (shutil.which("uv"), shutil.which("uv", path=str(OWN_BIN))):
        if candidate and is_recent_enough(candidate):
            return Path(candidate)
    install_uv()
    return OWN_BIN / "uv"


def is_recent_enough(uv: str) -> bool:
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"uv (\d+)\.(\d+)", answer)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_UV


def install_uv() -> None:
    """Install uv into an environment of its own: distributions refuse `pip install` beside their packages."""
    print("Installing uv into .tools ...", file=sys.stderr)
    pip = make_environment()
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:")
    lock = ROOT / "requirements" / "tools.lock"
    if subprocess.run([*pip, "install", *options, "-r", str(lock)], check=False).returncode:
        sys.exit("uv could not be installed: check that pip reaches its package index, then try again.")


def make_environment() -> list[str]:
    """Return the command of a pip that installs into the new environment.

    Debian leaves ensurepip out unless python3-venv is installed; then a pip of the system does as well.
    """
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    if not has_ensurepip and importlib.util.find_spec("pip") is None:
        sys.exit("This Python has neither ensurepip nor pip: install python3-venv (or uv), then try again.")
    venv.EnvBuilder(with_pip=has_ensurepip, clear=True, symlinks=os.name != "nt").create(OWN)
    python = str(OWN_BIN / "python")
    return [python, "-m", "pip"] if has_ensurepip else [sys.executable, "-m", "pip", "--python", python]


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("The Space needs Python 3.11 or newer: install one, then try `make PYTHON=/its/path run`.")
    print(get_uv())
