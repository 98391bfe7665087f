"""The examples in the documentation run, as they are printed, against a real server."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, STDOUT

import pytest

from tests.servers.install import ROOT

SPACE = "http://localhost:8080"
EXAMPLE = re.compile(r"^```(python|sh) example\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUNNERS = {"python": [sys.executable, "-W", "error", "-c"], "sh": ["sh", "-euc"]}


@pytest.mark.parametrize("page", ["docs/http.md", "docs/protocol.md"])
async def test_the_examples_of_a_page_run_one_after_the_other(page: str, server: str) -> None:
    examples = EXAMPLE.findall((ROOT / page).read_text())
    assert examples
    for language, code in examples:
        assert SPACE in code
        process = await asyncio.create_subprocess_exec(
            *RUNNERS[language], code.replace(SPACE, server), stdout=PIPE, stderr=STDOUT
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
