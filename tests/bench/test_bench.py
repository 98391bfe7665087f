"""The benchmark measures what it says; how fast is not asserted."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ON_POSTGRESQL
from tests.servers.install import ROOT
from tests.servers.postgres import URL_VARIABLE

COMPARISONS = 10
FIGURES = 10


@pytest.mark.timeout(240)
def test_a_short_run_prints_every_figure() -> None:
    options = ["--seconds", "0.1", "--rounds", "1", "--history", "200"]
    if ON_POSTGRESQL:
        options += ["--postgresql", os.environ[URL_VARIABLE]]
    leftovers = set(ROOT.glob(".bench-*"))
    done = subprocess.run(
        [sys.executable, "-m", "bench", *options],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200"},  # narrower tables fold their cells
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("│")]
    databases = 1 + ON_POSTGRESQL
    assert len(rows) == 2 * COMPARISONS * databases + FIGURES
    assert ("PostgreSQL" in done.stdout) == ON_POSTGRESQL
    assert set(ROOT.glob(".bench-*")) == leftovers
