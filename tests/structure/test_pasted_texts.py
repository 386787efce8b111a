"""What an office program or a telephone puts into texts is taken, and nothing invisible is kept."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from tests.crawling import crawl, forms_of, is_text
from tests.databases import rows
from tests.pages import Page, Pages
from tests.structure.bad_values import all_names
from tests.structure.test_bad_input import send_texts
from webapp.core.roles import Role

pytestmark = pytest.mark.long

PASTED = "\u200e\ufeffone\x0btwo\u2028three\tfour\u00a0five\u202e\u2066 si\u00adx\u2060\u0085\u200b"
TYPED = "one two three four five six"


@pytest.mark.both_databases
@pytest.mark.parametrize("role", Role)
def test_pasted_texts_are_never_refused_and_nothing_invisible_is_stored(
    role: Role, app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    stored = 0
    for form in forms_of(crawl(visitor().come_in(world.first(role)), "/")):
        texts = {name: [PASTED] for name in all_names(form) if is_text(form, name)}
        if not texts:
            continue
        page = send_texts(form, texts)
        # A level or the name of a country is not any text, and says so of a typed one as well.
        if strict := texts.keys() & page.errors.keys():
            typed = send_texts(form, {name: [TYPED] for name in strict})
            assert strict <= typed.errors.keys(), f"{form.action} refuses a pasted text"
            for name in strict:
                assert "three" in shown_again(page, name), f"{form.action} loses {name}"
            page = send_texts(form, {name: texts[name] for name in texts.keys() - strict})
        # Another field may be at fault, such as a choice that was not made.
        assert not texts.keys() & page.errors.keys() - strict, (
            f"{form.action} refuses a pasted text"
        )
        stored += page.status in {302, 303}
    assert stored
    kept = str(rows(app))
    assert "one" in kept
    for dropped in "\u200e\ufeff\x0b\u2028\u202e\u2066\u00ad\u2060\u0085\u200b":
        # A row is shown with what cannot be printed written out.
        assert dropped not in kept
        assert repr(dropped)[1:-1] not in kept


def shown_again(page: Page, name: str) -> str:
    """Return what stands in the field `name` of the page that refuses it."""
    return next(form.values[name][0] for form in page.forms if name in form.values)
