"""Habits of ours that no tool holds: size of files, names, one commit, licences, the lock."""

import ast
import configparser
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
OURS = ("matcher", "webapp", "tests")
SOURCES = sorted(path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
LONGEST = 400
# A migration is the history of the tables: it grows, and nobody reads it as a whole.
MAY_BE_LONG = {"webapp/migrations/0001_first_tables.py"}
SAYS_NOTHING = {"utils", "util", "helpers", "misc", "common", "stuff", "manager"}

# Licences under which the platform may be run and passed on by a United Nations programme.
ALLOWED = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL-2\.0|Mozilla Public License 2\.0"
    r"|LGPL|Lesser General Public License|Unlicense|Zlib|0BSD|HPND|CNRI-Python)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(
    r"(?<!L)(?<!Lesser )\b(A?GPL|General Public License)|proprietary", re.IGNORECASE
)


def relative(path: Path) -> str:
    """Return a path as people write it."""
    return str(path.relative_to(ROOT))


def calls(path: Path) -> list[tuple[str, int]]:
    """Return the names of methods that a file calls, with their lines."""
    tree = ast.parse(path.read_text("utf-8"))
    return [
        (node.func.attr, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def test_files_stay_short() -> None:
    code = [*SOURCES, *ROOT.glob("webapp/**/*.html"), *ROOT.glob("webapp/static/js/*.js")]
    long = {relative(path): len(path.read_text("utf-8").splitlines()) for path in code}
    assert {name for name, lines in long.items() if lines > LONGEST} <= MAY_BE_LONG


def test_migrations_use_nothing_that_a_package_may_change() -> None:
    """What one has made of the rows is then what it makes of them in a year; of the folding of
    words and the names of places, core/words says that who changes them migrates what is stored."""
    asked = re.compile(r"^\s*(?:from|import) (webapp\S*)", re.MULTILINE)
    used = {
        name
        for path in (ROOT / "webapp/migrations").glob("*.py")
        for name in asked.findall(path.read_text("utf-8"))
    }
    assert used == {
        "webapp.core.schema.migrating", "webapp.core.words.search",
        "webapp.core.words.vocabularies",
    }  # fmt: skip


def test_names_say_what_is_inside() -> None:
    named = {part for path in SOURCES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not named & SAYS_NOTHING


def test_the_field_word_is_jurisdiction() -> None:
    """Kosovo* and entities have authorities of their own, so nothing is called a country."""
    for path in ROOT.glob("webapp/**/*.html"):
        assert not re.search(r"\bcountr(y|ies)\b", path.read_text("utf-8"), re.IGNORECASE), path


def test_only_the_transactions_module_commits() -> None:
    committing = {
        relative(path)
        for path in SOURCES
        if path.is_relative_to(ROOT / "webapp") and "commit" in {name for name, _ in calls(path)}
    }
    assert committing == {"webapp/core/transactions.py"}
    # A commit in SQL would get around the rule above.
    for path in SOURCES:
        if path.is_relative_to(ROOT / "webapp"):
            assert not re.search(r"[\"']COMMIT\b", path.read_text("utf-8")), path


def test_every_form_is_one_of_ours() -> None:
    """Forms of core refuse and draw what those of the libraries let through."""
    for path in (ROOT / "webapp").rglob("*.py"):
        if relative(path) != "webapp/core/forms/page_forms.py":
            assert not re.search(r"\(FlaskForm|\((wtforms\.)?Form\)", path.read_text("utf-8")), path


def test_what_is_needed_is_looked_for_in_what_is_left_of_it() -> None:
    """The checks of WTForms look at what was sent, and take a blank that a filter takes away."""
    for path in (ROOT / "webapp").rglob("*.py"):
        assert not re.search(r"\b(Input|Data)Required\b", path.read_text("utf-8")), path


def test_nothing_sleeps_or_reads_the_time_but_the_clock() -> None:
    """Time that tests cannot freeze makes tests that fail at midnight."""
    for path in (ROOT / "webapp").rglob("*.py"):
        if path.name in {"clock.py", "gunicorn_conf.py"}:
            continue
        names = {name for name, _ in calls(path)}
        assert not names & {"utcnow", "sleep", "fromtimestamp"}, path
        assert "datetime.now(" not in path.read_text("utf-8"), path


def reads_the_day(node: ast.AST) -> bool:
    """Tell whether something asks for the day or the moment, outside of what is run later."""
    if isinstance(node, ast.Lambda):
        return False
    if isinstance(node, ast.Attribute) and node.attr == "year":
        return False  # Of a day in another year no test is run for long.
    if isinstance(node, ast.FunctionDef):
        early: list[ast.AST] = [*node.decorator_list, *node.args.defaults]
        return any(map(reads_the_day, early))
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"today", "now"}:
        return True
    return any(map(reads_the_day, ast.iter_child_nodes(node)))


def test_no_test_remembers_the_day_on_which_it_was_collected() -> None:
    """A run may begin before midnight: what was tomorrow then is today when its test is run, and
    processes that collect on two days name the tests of parameters differently."""
    tests = [path for path in SOURCES if "tests" in path.parts]
    remember = [
        relative(path) for path in tests if reads_the_day(ast.parse(path.read_text("utf-8")))
    ]
    assert remember == []


def test_texts_are_brought_into_one_form_in_one_place_alone() -> None:
    """It takes a time that grows with the square of the marks on one letter, so they are bounded
    where it is done."""
    forming = {
        relative(path)
        for path in (ROOT / "webapp").rglob("*.py")
        if "normalize" in {name for name, _ in calls(path)}
    }
    assert forming == {"webapp/core/words/text_rules.py", "webapp/accounts/sign_in.py"}
    # Flask-Security's own, which is given no more than an address can be long.
    reading_addresses = {
        relative(path)
        for path in (ROOT / "webapp").rglob("*.py")
        if "email_validator" in path.read_text("utf-8")
    }
    assert reading_addresses == {"webapp/accounts/rules.py"}


def test_nothing_is_switched_off_without_a_reason() -> None:
    """An exception to a check says why, behind it or in the line above."""
    for path in SOURCES:
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines):
            if re.search(r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)|except:\s*$", line):
                raise AssertionError(f"{relative(path)}:{number + 1} names no rule: {line}")


def run_time_packages() -> set[str]:
    """Return the names of all packages that the platform needs to run."""
    lines = (ROOT / "requirements" / "run.in").read_text("utf-8").splitlines()
    waiting = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        key = (wanted.name.lower(), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        found.add(wanted.name)
        for text in metadata.requires(wanted.name) or ():
            needed = Requirement(text)
            here = {name: str(value) for name, value in default_environment().items()}
            environments = [{**here, "extra": extra} for extra in (*wanted.extras, "")]
            if needed.marker is None or any(
                needed.marker.evaluate(given) for given in environments
            ):
                waiting.append(needed)
    return found


# The code of qrcode is under the BSD licence as its text says; the line means the trade mark of
# the name "QR Code". Of the three licences of Pyphen whoever passes it on may choose.
NOT_MEANT = {
    "qrcode": "License :: Other/Proprietary License",
    "Pyphen": "License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)",
}


def licences(package: metadata.Distribution) -> str:
    """Return all that a package says about its licence, or its text where it says nothing."""
    about: Any = package.metadata  # Its type lacks the method that finds one field.
    said = [about.get("License-Expression") or "", (about.get("License") or "")[:200]]
    said += [line for line in about.get_all("Classifier") or () if line.startswith("License")]
    if not any(said):
        texts = [path for path in package.files or () if "LICENSE" in path.name.upper()]
        text = texts[0].read_text() if texts else ""
        # The two sentences by which the licence that is called MIT is known.
        if "Permission is hereby granted, free of charge" in text and "AS IS" in text:
            said.append("MIT")
    return " | ".join(filter(None, said))


@pytest.mark.parametrize("name", sorted(run_time_packages()))
def test_what_the_platform_runs_with_may_be_passed_on(name: str) -> None:
    said = licences(metadata.distribution(name))
    assert ALLOWED.search(said), f"{name}: {said}"
    assert not FORBIDDEN.search(said.replace(NOT_MEANT.get(name, "\0"), "")), f"{name}: {said}"


def test_what_is_imported_is_declared() -> None:
    """A package that is there only because another one needs it may be gone tomorrow."""
    owners = metadata.packages_distributions()
    declared = {Requirement(line).name.lower().replace("_", "-")
                for name in ("run.in", "bench.in")
                for line in (ROOT / "requirements" / name).read_text("utf-8").splitlines()
                if line.strip() and not line.startswith("#")}  # fmt: skip
    # Parts of Flask and Flask-Security that both document as their own interface.
    declared |= {"werkzeug", "jinja2", "markupsafe", "click", "blinker", "flask-login"}
    declared |= {"itsdangerous"}
    missing = {}
    for path in SOURCES:
        if path.is_relative_to(ROOT / "tests"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in {full.split(".")[0] for full in names}:
                if name in sys.stdlib_module_names or name in {"matcher", "webapp"}:
                    continue
                if not {o.lower().replace("_", "-") for o in owners.get(name, [])} & declared:
                    missing[name] = relative(path)
    assert not missing


def locked(name: str) -> set[str]:
    """Return what a lock holds, each package with its version."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return set(re.findall(r"^([a-z0-9._-]+==[^\s;]+)", text, re.MULTILINE))


def names(pins: set[str]) -> set[str]:
    """Return the names of locked packages."""
    return {pin.partition("==")[0] for pin in pins}


@pytest.mark.parametrize("name", ["run", "all"])
def test_the_locks_have_hashes_and_name_no_place_to_load_from(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=[a-z])", text)
    assert len(entries) > 40
    for entry in entries:
        assert re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("lock", "sources"), [("run", ["run"]), ("all", ["run", "bench", "notebooks", "all"])]
)
def test_what_is_asked_for_is_locked(lock: str, sources: list[str]) -> None:
    for name in sources:
        for line in (ROOT / "requirements" / f"{name}.in").read_text("utf-8").splitlines():
            if line.strip() and not line.startswith(("#", "-r")):
                wanted = Requirement(line).name.lower().replace("_", "-")
                assert wanted in names(locked(lock)), f"{wanted} of {name}.in: make lock"


def test_tests_run_on_the_versions_that_the_platform_runs_on() -> None:
    assert locked("run") <= locked("all"), "make lock"


def test_what_runs_is_not_locked_together_with_what_only_tests_need() -> None:
    needed = names(locked("run"))
    assert not needed & {"pytest", "mypy", "ruff", "playwright", "scikit-learn", "matplotlib"}
    assert len(needed) < 80


def test_make_run_installs_what_running_needs_and_make_test_the_rest() -> None:
    for target, locks in (("run", ["run"]), ("install", ["run"]), ("test", ["run", "all"])):
        made = subprocess.run(
            ["make", "--dry-run", "VENV=fresh", target],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert re.findall(r"--require-hashes -r requirements/(\w+)\.txt", made) == locks, target


def test_the_installed_package_brings_templates_styles_and_migrations(tmp_path: Path) -> None:
    """What is found in a checkout must be found in an installed package too."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    patterns = settings["options.package_data"]["webapp"].split()
    packaged = {path for pattern in patterns for path in (ROOT / "webapp").glob(pattern)}
    for path in (ROOT / "webapp").rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            assert path in packaged, f"{relative(path)} is in no pattern of setup.cfg"


def test_make_run_and_the_workflow_of_tests_can_be_read_by_a_shell() -> None:
    for file in (".ci/run",):
        subprocess.run(["bash", "-n", file], cwd=ROOT, check=True)
        assert os.access(ROOT / file, os.X_OK)
    for target in ("install", "run", "test", "lint", "format", "lock", "notebooks", "help"):
        # Whoever runs the tests by a silent make has it asked aloud here.
        made = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True, text=True,
            env={name: value for name, value in os.environ.items() if name != "MAKEFLAGS"},
        )  # fmt: skip
        assert made.stdout, target


# By one of these a test looks through the whole database when the fault is over.
LOOKS_THROUGH = re.compile(r"is_sound|ends_sound|done_once|invariants\.run")
# Here nobody writes: it is asked whether a server is believed, or whether its files are good.
CHANGES_NOTHING = {"test_faults_database_over_tls.py", "test_faults_deployed.py"}


def test_every_test_of_faults_looks_through_the_database_at_its_end() -> None:
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "tests/faults").glob("test_*")}
    blind = {name for name, text in files.items() if not LOOKS_THROUGH.search(text)}
    assert blind == CHANGES_NOTHING
