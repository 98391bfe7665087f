import shutil
from pathlib import Path

import pytest

from hatch_build import ClientBuildError, build_client, digest_of
from tests.servers.install import ROOT

BUNDLER = """
import { mkdirSync, appendFileSync } from "node:fs";
mkdirSync("../src/thespace/static", { recursive: true });
appendFileSync("../src/thespace/static/bundles", "1");
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with nothing to install and a bundler that only counts its runs."""
    web = tmp_path / "web"
    installed = web / "node_modules"
    installed.mkdir(parents=True)
    (web / "package-lock.json").touch()
    (installed / ".package-lock.json").touch()
    (web / "build.mjs").write_text(BUNDLER)
    return tmp_path


def count_bundles(project: Path) -> int:
    return len((project / "src" / "thespace" / "static" / "bundles").read_text())


def test_the_client_is_bundled_again_only_when_its_sources_changed(project: Path) -> None:
    build_client(project)
    build_client(project)
    assert count_bundles(project) == 1

    (project / "web" / "page.html").write_text("<p>")
    build_client(project)
    assert count_bundles(project) == 2


def test_packages_and_tests_are_no_part_of_the_sources(project: Path) -> None:
    before = digest_of(project / "web")
    (project / "web" / "node_modules" / "more.js").touch()
    (project / "web" / "tests").mkdir()
    (project / "web" / "tests" / "page.test.js").touch()
    assert digest_of(project / "web") == before

    (project / "web" / "more.js").touch()
    assert digest_of(project / "web") != before


def test_a_bundler_that_fails_leaves_nothing_that_looks_built(project: Path) -> None:
    (project / "web" / "build.mjs").write_text(f"{BUNDLER}; process.exit(1)")
    for _ in range(2):
        with pytest.raises(ClientBuildError, match="could not be bundled"):
            build_client(project)


def test_an_unreachable_registry_ends_with_a_sentence_that_says_what_to_do(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "web" / name, project / "web")
    shutil.rmtree(project / "web" / "node_modules")
    nowhere = {"registry": "http://127.0.0.1:9", "cache": str(project / "cache"), "fetch_retries": "0"}
    for option, value in nowhere.items():
        monkeypatch.setenv(f"npm_config_{option}", value)

    with pytest.raises(ClientBuildError, match="check that npm reaches its registry"):
        build_client(project)
