"""What every template keeps, read from its source: also where no test has been yet."""

import ast
import fnmatch
import re
from pathlib import Path

import flask_bootstrap
import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField
from wtforms.fields.core import UnboundField

from webapp.core import sent_fields
from webapp.mission_documents.models import DocumentKind

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"
TEMPLATES = sorted(WEBAPP.rglob("templates/**/*.html"))
STYLES = [
    *sorted(WEBAPP.glob("static/css/*.css")),
    WEBAPP / "templates/document.css",
    Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css",
]
NAMES = {path: "/".join(path.parts[path.parts.index("templates") + 1 :]) for path in TEMPLATES}
# The layout itself, and the page for errors, which must render when nothing else can.
# What is made into a PDF file has no menu.
WITHOUT_LAYOUT = {
    "layout.html", "errors/error.html", "insights/document.html",
    *(f"mission_documents/{kind.name.lower()}.html" for kind in DocumentKind),
}  # fmt: skip
# Templates of the library for sign-in, which it finds by these names.
# Their names, and those of their fields, are those of the library for sign-in.
OF_THE_LIBRARY = {
    f"security/{name}.html"
    for name in (
        *("login_user", "logout_user", "verify", "mf_recovery", "two_factor_select"),
        *("two_factor_verify_code", "wan_register", "wan_signin", "wan_verify"),
    )
}

FORBIDDEN = {
    "inline style": r"<style|\sstyle\s*=",
    "inline script": r"<script(?![^>]*\ssrc=)",
    "handler": r"\son[a-z]+\s*=",
    "script as address": r"javascript:",
    "unescaped text": r"\|\s*safe\b|autoescape\s+false|Markup\(",
    "address written by hand": r"""(?:href|action|src)=["']/""",
    "foreign resource": r"""(?:src|href)=["'](?:https?:)?//""",
    "field drawn by hand": r"<(?:textarea|select)\b|<input(?![^>]*type=\"hidden\")",
}
EXCEPTIONS = {(name, "field drawn by hand") for name in OF_THE_LIBRARY}

# Each rule with a line that it must catch, so that none of them is blind.
EXAMPLES = {
    "inline style": '<p style="color: red">',
    "inline script": "<script>alert(1)</script>",
    "handler": '<a href="#x" onclick="go()">',
    "script as address": '<a href="javascript:go()">',
    "unescaped text": "{{ summary | safe }}",
    "address written by hand": '<a href="/requests">',
    "foreign resource": '<img src="https://example.org/x.png">',
    "field drawn by hand": '<input type="text" name="x">',
}


def test_every_rule_has_an_example_and_catches_it() -> None:
    assert FORBIDDEN.keys() == EXAMPLES.keys()
    for rule, example in EXAMPLES.items():
        assert re.search(FORBIDDEN[rule], example), rule


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES.get)
def test_no_template_holds_what_is_forbidden(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    # The arguments of macros are no attributes of elements.
    markup = re.sub(r"\{[{%].*?[%}]\}", "", source, flags=re.DOTALL)
    found = [
        f"{rule}: {match.group()}"
        for rule, pattern in FORBIDDEN.items()
        for match in re.finditer(pattern, source if rule == "unescaped text" else markup)
        if (NAMES[path], rule) not in EXCEPTIONS
    ]
    assert not found, found


def classes(source: str) -> set[str]:
    """Return the classes of a template that are written out in it, those put together left out."""
    parts = r"\{\{.*?\}\}|\{% block \w+ %\}[^<{]*\{% endblock %\}"
    filled = re.sub(parts, "\0", source, flags=re.DOTALL)
    written = re.findall(r'\sclass="([^"]*)"', re.sub(r"\{%.*?%\}", " ", filled, flags=re.DOTALL))
    return {name for names in written for name in names.split() if "\0" not in name}


def test_every_class_of_a_template_has_a_style() -> None:
    source = "".join(path.read_text("utf-8") for path in STYLES)
    styled = set(
        re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))
    )
    assert classes('<p class="a b-{{ c }}{% if d %} e{% endif %}">') == {"a", "e"}
    unstyled = {
        NAMES[path]: names
        for path in TEMPLATES
        if (names := classes(path.read_text("utf-8")) - styled)
    }
    assert not unstyled


def is_page(path: Path) -> bool:
    """Tell a page from a collection of parts: those only hold macros."""
    source = path.read_text("utf-8")
    return not path.name.startswith("_") and "{% macro" not in source.split("{% block")[0]


def frames(name: str) -> list[str]:
    """Return the sources of a page and of the pages that it extends, the layout left out."""
    path = next(path for path, known in NAMES.items() if known == name)
    source = path.read_text("utf-8")
    extends = re.search(r"^\{% extends \"([^\"]+)\" %\}$", source, re.MULTILINE)
    assert extends, f"{name} extends nothing"
    return [source, *([] if extends[1] == "layout.html" else frames(extends[1]))]


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES.get)
def test_every_page_extends_the_layout_and_fills_its_blocks(path: Path) -> None:
    if NAMES[path] in WITHOUT_LAYOUT or not is_page(path):
        return
    source = "".join(frames(NAMES[path]))
    for block in ("title", "content"):
        assert f"{{% block {block} %}}" in source
    assert "<h1" in source


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES.get)
def test_every_post_form_carries_a_token(path: Path) -> None:
    for form in re.findall(r"<form[^>]*>.*?</form>", path.read_text("utf-8"), re.DOTALL):
        opening = form[: form.index(">")]
        if 'method="post"' in opening:
            assert re.search(r'csrf\(\)|csrf_token\b|name="csrf_token"', form), opening
        else:
            assert 'method="get"' in opening, f"a form must say its method: {opening}"


def mentioned() -> set[str]:
    """Return the names of templates that code or other templates mention."""
    names = set()
    for file in WEBAPP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                names.add(str(node.value))
            if isinstance(node, ast.JoinedStr):
                parts = [getattr(part, "value", "*") for part in node.values]
                pattern = "".join(part if isinstance(part, str) else "*" for part in parts)
                if pattern.endswith("*.html"):
                    names.update(fnmatch.filter(NAMES.values(), pattern))
    for path in TEMPLATES:
        pattern = r"{%\s*(?:extends|include|from|import)\s+[\"']([^\"']+)"
        names.update(re.findall(pattern, path.read_text("utf-8")))
    return names - {".html"}


def test_every_template_is_used_and_every_used_one_exists() -> None:
    assert mentioned() | OF_THE_LIBRARY == set(NAMES.values())


def test_every_package_keeps_its_templates_under_its_own_name() -> None:
    """Blueprints share one space of names: without this, one package could hide another's page."""
    for path, name in NAMES.items():
        package = path.relative_to(WEBAPP).parts[0]
        if package != "templates":
            assert name.startswith(f"{package}/"), path
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize("path", sorted(WEBAPP.rglob("static/**/*.js")), ids=lambda p: p.name)
def test_scripts_neither_evaluate_text_nor_load_from_elsewhere(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?://", source)


@pytest.mark.parametrize("path", sorted(WEBAPP.rglob("static/**/*.css")), ids=lambda p: p.name)
def test_styles_load_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", path.read_text("utf-8"))


HIDDEN = re.compile(r'<input type="hidden" name="([^"{]+)"')
# The days that were typed on the page before, and the name that its owner has given to a passkey.
TYPED_BEFORE = {"start", "end", "name"}


def fields_of_forms(*, hidden: bool) -> set[str]:
    """Return how the fields of all forms are called, of which the platform's packages know."""
    classes, names = [Form, FlaskForm], set()
    while classes:
        one = classes.pop()
        classes.extend(one.__subclasses__())
        for name, field in vars(one).items():
            if isinstance(field, UnboundField) and one.__module__.startswith("webapp."):
                names |= {name} if issubclass(field.field_class, HiddenField) is hidden else set()
    return names


def test_what_a_page_puts_into_a_form_by_itself_is_not_told_as_typed(app: Flask) -> None:
    """What is sent too often is shown again to be read, and so is what was kept of it."""
    placed = {name for file in TEMPLATES for name in HIDDEN.findall(file.read_text())}
    one_each = {"language"}  # Of the form of a proposal, of which a page has one for each expert.
    ours = (placed | fields_of_forms(hidden=True)) - TYPED_BEFORE - one_each
    secret = sent_fields.SECRET
    assert not {name for name in ours - secret if not sent_fields.is_of_the_form(name)}
    assert not sent_fields.typed([("match-17-language", "en")])


def test_what_somebody_types_has_no_name_of_what_a_page_puts_there(app: Flask) -> None:
    assert not {name for name in fields_of_forms(hidden=False) if sent_fields.is_of_the_form(name)}
