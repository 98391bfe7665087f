"""The pages of docs/ say what the code says."""

import re
import subprocess
import sys
from pathlib import Path

from docs.generate import DOCS, SECTIONS, filled, shapes
from tests.servers.install import ROOT

LINK = re.compile(r"""(?:\]\(|src="|srcset=")(?!https?:)([^)"]+)[)"]""")


def test_the_pages_are_as_the_code_has_it() -> None:
    checked = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_a_page_that_differs_is_noticed() -> None:
    page = (DOCS / "errors.md").read_text()
    assert filled(page) == page
    assert filled(page.replace("| 409 |", "| 418 |")) == page


def test_every_section_has_its_page() -> None:
    text = "".join(path.read_text() for path in DOCS.glob("*.md"))
    assert sorted(re.findall(r"<!-- generated: (\w+) -->", text)) == sorted(SECTIONS)


def test_every_event_says_what_it_means() -> None:
    for section in ("client_events", "server_events"):
        assert "|  |\n" not in SECTIONS[section]()


def test_every_link_between_the_documents_leads_somewhere() -> None:
    shape_anchors = {name.lower() for name in re.findall(r"^### (\w+)$", shapes(), re.MULTILINE)}
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in LINK.findall(path.read_text()):
            _check_link(path, target, shape_anchors)


def _check_link(page: Path, target: str, shape_anchors: set[str]) -> None:
    file, _, anchor = target.partition("#")
    assert not file or (page.parent / file).exists(), f"{page.name} links to {target}"
    if file.endswith("shapes.md") and anchor:
        assert anchor in shape_anchors, f"{page.name} links to {target}"
