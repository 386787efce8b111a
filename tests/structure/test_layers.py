"""Who may import whom: the contracts of .importlinter hold, and each of them can fail.

Each bad example is put into a copy of the project, and the contract that it breaks must say so.
"""

import configparser
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
MATCHER_MAY_IMPORT = {"numpy", "scipy", "sklearn", "rapidfuzz", "snowballstemmer"}
BENCHMARK_MAY_IMPORT = {"bm25s", "tantivy", "threadpoolctl"}
# They measure beside other engines, which nothing that ranks needs.
BENCHMARKS = ("matcher.experiments.benchmark.", "matcher.experiments.first_cut.")

# What is written at the end of which file, and the contract that must catch it.
BAD_EXAMPLES = {
    "matcher imports a package": (
        "matcher/language/tokens.py", "import webapp.themes.models", "The matcher knows nothing"),
    "matcher imports the framework": (
        "matcher/index.py", "import flask", "The matcher knows nothing"),
    "a package of the matcher imports a higher one": (
        "matcher/store/postings.py", "import matcher.ranking", "The packages of the matcher"),
    "a module of the matcher that has no place": (
        "matcher/shortcuts.py", '"""A new module."""', "The packages of the matcher"),
    "a circle in a package of the matcher": (
        "matcher/store/profile_table.py", "import matcher.store.selection", "Inside each package"),
    "a second way to the matcher": (
        "webapp/experts/queries.py", "from matcher import ExpertIndex", "Only the matches package"),
    "core imports a package": (
        "webapp/core/record/audit.py", "import webapp.accounts.models", "Packages import downward"),
    "a lower package imports a higher one": (
        "webapp/experts/rules.py", "import webapp.matches.models", "Packages import downward"),
    "packages of one layer import each other": (
        "webapp/experts/queries.py", "import webapp.expertise_requests.models",
        "Packages import downward"),
    "an import inside a function counts": (
        "webapp/themes/queries.py", "def late() -> None:\n    import webapp.experts.models",
        "Packages import downward"),
    "a package that has no place": (
        "webapp/addition/__init__.py", '"""A new package."""', "Packages import downward"),
    "operations import views": (
        "webapp/themes/operations.py", "import webapp.themes.views", "Views call forms"),
    "steps of a match import the ranking": (
        "webapp/matches/operations.py", "import webapp.matches.ranking.rankings", "Inside matches"),
    "a module of matches that has no place": (
        "webapp/matches/shortcuts.py", '"""A new module."""', "Inside matches"),
    "a circle in the ranking": (
        "webapp/matches/ranking/facets.py", "import webapp.matches.ranking.rankings",
        "The modules of the ranking"),
    "operations import forms": (
        "webapp/experts/operations.py", "import webapp.experts.forms", "Views call forms"),
    "tables import rules": (
        "webapp/deployments/models.py", "import webapp.deployments.rules", "Views call forms"),
    "a module without a place in its package": (
        "webapp/experts/shortcuts.py", '"""A new module."""', "Views call forms"),
    "a circle in core": (
        "webapp/core/db.py", "import webapp.core.access", "The modules of core"),
    "a circle between packages of core": (
        "webapp/core/words/days.py", "import webapp.core.forms.fields", "The modules of core"),
    "a circle inside a package of core": (
        "webapp/core/forms/fields.py", "import webapp.core.forms.step_forms",
        "The modules of core"),
    "rules import the framework": (
        "webapp/matches/rules.py", "from flask import g", "Rules, operations, queries"),
    "operations import forms of the framework": (
        "webapp/matches/operations.py", "import flask_wtf", "Rules, operations, queries"),
    "messages import what they tell about": (
        "webapp/messages/operations.py", "import webapp.matches.models", "Messages know accounts"),
    "the platform imports its tests": (
        "webapp/core/clock.py", "import tests.factories", "Nothing imports tests"),
}  # fmt: skip


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()",
         "--config", str(folder / ".importlinter"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def copy_of_the_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sources and the contracts."""
    folder = tmp_path_factory.mktemp("project")
    for package in ("matcher", "webapp"):
        only_code = shutil.ignore_patterns("__pycache__", "static", "templates")
        shutil.copytree(ROOT / package, folder / package, ignore=only_code)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_the_code_keeps_every_contract(copy_of_the_project: Path) -> None:
    result = _lint(copy_of_the_project)
    assert result.returncode == 0, result.stdout
    assert " 0 broken." in result.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("name", BAD_EXAMPLES)
def test_each_bad_example_is_caught_by_its_contract(copy_of_the_project: Path, name: str) -> None:
    path, line, contract = BAD_EXAMPLES[name]
    file = copy_of_the_project / path
    before = file.read_text("utf-8") if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{before or ''}\n{line}\n", "utf-8")
    try:
        result = _lint(copy_of_the_project)
    finally:
        if before is not None:
            file.write_text(before, "utf-8")
        elif file.name == "__init__.py":
            shutil.rmtree(file.parent)
        else:
            file.unlink()
    assert result.returncode == 1, result.stdout
    broken = [text for text in result.stdout.splitlines() if "BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), broken


def test_the_matcher_has_few_levels_and_few_imports_between_its_rooms() -> None:
    graph = grimp.build_graph("matcher")
    rooms = graph.find_children("matcher")
    for room in rooms:
        graph.squash_module(room)
    imports = {
        room: graph.find_modules_directly_imported_by(room) & rooms - {room} for room in rooms
    }
    assert sum(map(len, imports.values())) <= 100

    @cache
    def level(room: str) -> int:
        return 1 + max((level(lower) for lower in imports[room]), default=0)

    assert max(map(level, rooms)) <= 12


def test_the_contract_inside_packages_names_every_package() -> None:
    """Without this, a package could be given its layer and still be a muddle inside."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    named = contracts["importlinter:contract:inside-a-package"]["containers"].split()
    packages = {
        f"webapp.{path.parent.name}"
        for path in (ROOT / "webapp").glob("*/__init__.py")
        # They have files of their own kinds, or a contract of their own.
        if path.parent.name not in {"config", "core", "matches"}
    }
    assert packages == set(named)


def test_what_a_package_of_the_matcher_gives_out_is_imported_from_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its __init__ says what goes in and what comes out; nobody else needs to know its modules."""
    monkeypatch.syspath_prepend(str(ROOT))
    graph = grimp.build_graph("matcher", cache_dir=None)
    reached = {
        f"{module} imports {imported}"
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.count(".") > 1 and imported.split(".")[1] not in module.split(".")[1:]
    }
    # The benchmark asks the compiled module for its file.
    assert reached <= {"matcher.experiments.benchmark.machine imports matcher.store.kernels"}


def test_the_matcher_imports_four_packages_and_the_standard_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    graph = grimp.build_graph("matcher", include_external_packages=True, cache_dir=None)
    known = MATCHER_MAY_IMPORT | set(sys.stdlib_module_names) | {"matcher"}
    for module in graph.modules:
        imported = {name.split(".")[0] for name in graph.find_modules_directly_imported_by(module)}
        peers = BENCHMARK_MAY_IMPORT if module.startswith(BENCHMARKS) else set()
        assert imported <= known | peers, module
