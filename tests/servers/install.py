"""Installs what only some tests need, pinned and hashed, into the running environment."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def install_locked(name: str) -> None:
    """Install `requirements/{name}.lock`; costs a fraction of a second when it is there already."""
    lock = ROOT / "requirements" / f"{name}.lock"
    get_uv = [sys.executable, str(lock.with_name("get_uv.py"))]
    uv = subprocess.run(get_uv, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    options = ("--quiet", "--python", sys.executable, "--require-hashes", "--requirement", str(lock))
    if subprocess.run([uv, "pip", "install", *options], stdout=sys.stderr, check=False).returncode:
        sys.exit(f"{lock.name} could not be installed: check that the package index answers, then try again.")
