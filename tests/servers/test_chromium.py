import asyncio
import os
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.servers.chromium import find_chromium, launch_arguments

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the first use installs the browser


async def test_the_title_of_a_real_page_is_read() -> None:
    chromium = await asyncio.to_thread(find_chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=launch_arguments())
        page = await browser.new_page()
        await page.goto("data:text/html;charset=utf-8,<title>Просто</title>")
        assert await page.title() == "Просто"
        await browser.close()


def test_a_wrong_path_ends_with_advice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPACE_CHROMIUM", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match=r"SPACE_CHROMIUM is .*nowhere"):
        find_chromium()


def test_without_one_the_distribution_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SPACE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt_get = tmp_path / "apt-get"
    apt_get.write_text(f"#!/bin/sh\n[ $2 = update ] || /bin/cp {apt_get} {tmp_path}/chromium\n")
    apt_get.chmod(0o755)

    assert find_chromium() == tmp_path / "chromium"
