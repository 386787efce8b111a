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


def test_every_file_and_name_of_the_map_is_somewhere_in_the_code() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    code = [path for top in ("webapp", "matcher", "tests") for path in (ROOT / top).rglob("*.py")]
    files = set(re.findall(r"`([\w/]+\.py)`", text))
    paths = [str(path.relative_to(ROOT)) for path in code]
    assert [
        name for name in files if not any(f"/{path}".endswith(f"/{name}") for path in paths)
    ] == []
    pages = (ROOT / "webapp" / "templates").glob("*.html")
    defined = "\n".join(path.read_text("utf-8") for path in (*code, *pages))
    # A name is told alone, or with the module or class that it stands in.
    names = {name.split(".")[-1] for name in re.findall(r"`([a-z_]\w*(?:\.\w+)*)(?:\(|`)", text)}
    known = {name for name in names if re.search(rf"\b{re.escape(name)}\b", defined)}
    assert names - known == set()


def test_every_package_and_file_at_the_top_stands_on_the_map() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    packages = {path.parent.name for path in (ROOT / "webapp").glob("*/__init__.py")}
    assert {name for name in packages if f"`{name}`" not in text} == set()
    named = {path.parent.name for path in (ROOT / "matcher").glob("*/__init__.py")}
    files = {
        path.name
        for top in ("webapp", "matcher")
        for path in (ROOT / top).glob("*.py")
        if not path.name.startswith("__")
    }
    assert {name for name in named | files if f"`{name}`" not in text} == set()


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))


def test_decisions_are_listed_in_the_order_of_their_numbers() -> None:
    text = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    for part in text.split("\n## "):
        numbers = [int(number) for number in re.findall(r"^- (\d+) ", part, re.MULTILINE)]
        assert numbers == sorted(numbers)


def test_the_figures_of_the_readme_are_those_that_were_measured() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    measured = (ROOT / "docs" / "measurements.md").read_text("utf-8")
    said = readme.partition("\nMeasured (")[2].partition("\n**Not yet")[0]
    collections = re.search(r"^\| now .*$", measured, re.MULTILINE)
    assert collections
    demo, b, c, d, e, f, _g = re.findall(r"\.\d{3}", collections[0])
    written_apart = sorted((b, c, d, e))
    (quality,) = re.findall(
        r"nDCG@10 of (\.\d+) .* gives (?:\.\d+); (\.\d+) to (\.\d+) on four.* and (\.\d+) ",
        said.replace("\n", " "),
    )
    assert quality == (demo, written_apart[0], written_apart[-1], f)
    figures = re.findall(r"\.\d{3}|\b\d+(?= (?:ms|kB|MB)\b)", said)
    assert len(figures) > 8
    assert [one for one in figures if not re.search(rf"(?<!\d){re.escape(one)}\b", measured)] == []


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
