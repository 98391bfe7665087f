import re
import tomllib
from pathlib import Path

import pytest

from tests.servers.install import ROOT

LOCKS = [*sorted((ROOT / "requirements").glob("*.lock")), ROOT / "web" / "package-lock.json"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_no_folder_of_a_machine(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r'"resolved"|--(extra-)?index-url|--find-links|@ (file|https?):', text)
    assert not re.search(r"(^|[\s\"'])/(home|root|tmp|work)/", text)


def test_what_builds_the_package_is_what_is_locked_for_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["build-system"]["requires"] == project["dependency-groups"]["build"]
