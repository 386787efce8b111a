"""What documents name is there: files, links, and every decision in its list."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(ROOT / "docs").rglob("*.md"),
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_file_that_the_map_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:webapp|tests|docs)/[\w/.]+)`", text)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))


def test_every_promise_names_tests_that_its_files_define() -> None:
    folder = ROOT / "docs"
    lines = (folder / "assurance.md").read_text("utf-8").splitlines()
    promises = [line for line in lines if line.startswith("| ") and "---" not in line]
    rows = [line for line in promises if not line.startswith("| promise |")]
    assert len(rows) > 40
    for row in rows:
        files = re.findall(r"\]\(([^)]+\.py)\)", row)
        named = re.findall(r"`(test_\w+)`", row)
        texts = [(folder / file).read_text("utf-8") for file in files]
        defined = set(re.findall(r"^def (test_\w+)", "\n".join(texts), re.MULTILINE))
        assert named, row
        assert set(named) <= defined, f"{row}: {set(named) - defined}"
