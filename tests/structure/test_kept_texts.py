"""Whatever a form is refused for, what was filled in comes back on the page.

A wrong token is tried in test_csrf.py, with the same look at the page.
"""

from collections.abc import Callable

import pytest

from tests import factories
from tests.crawling import crawl, forms_of
from tests.pages import Pages
from tests.structure.test_csrf import changed, hidden, lost, text_controls, without_token
from tests.structure.walkers import Walker, each_walker
from webapp.core.roles import Role

pytestmark = pytest.mark.long
LIBRARY = {"/login"}


@each_walker
def test_what_was_typed_is_kept_when_one_text_is_refused(
    walker: Walker, world: factories.World, visitor: Callable[[], Pages],
    rewind: Callable[[], None],
) -> None:  # fmt: skip
    """Each text in its turn holds what cannot be stored; all that was filled in beside it stays."""
    pages = walker.come(visitor(), world)
    for form in walker.forms(pages, world):
        typed = changed(form)
        # The library that signs people in shows its form again as if it were new.
        refusals = {200, 400} if form.action in LIBRARY else {400}
        for name in text_controls(form):
            rewind()
            sent = {**hidden(form), **typed, name: ["a\x00b"], "csrf_token": [pages.own_token()]}
            page = pages.check(form.action, pages.client.post(form.action, data=sent))
            assert page.status in refusals, f"{form.action} takes NUL in {name}"
            others = {**typed, name: ["a\N{REPLACEMENT CHARACTER}b"]}
            assert not lost(page, others), f"{form.action} lost {lost(page, others)}"


@each_walker
def test_what_was_typed_is_kept_when_it_was_changed_in_between(
    walker: Walker, world: factories.World, visitor: Callable[[], Pages],
    rewind: Callable[[], None],
) -> None:  # fmt: skip
    """A form that was opened with another version is refused with everything still in it."""
    pages = walker.come(visitor(), world)
    for form in walker.forms(pages, world):
        texts = {name: changed(form)[name] for name in text_controls(form)}
        if not texts or "version" not in form.values:
            continue
        rewind()
        sent = {**without_token(form), **texts, "version": ["999"]}
        sent["csrf_token"] = [pages.own_token()]
        page = pages.check(form.action, pages.client.post(form.action, data=sent))
        assert page.status in {400, 409}, f"{form.action}: {page.status}"
        assert not lost(page, texts), f"{form.action} lost {lost(page, texts)}"


def test_a_sentence_is_shown_again_when_its_step_was_taken_in_between(
    world: factories.World, visitor: Callable[[], Pages], rewind: Callable[[], None]
) -> None:
    """The same form sent a second time comes too late; its sentence is still on the answer."""
    refused = 0
    for role in (Role.REQUESTER, Role.EXPERT, Role.COORDINATOR):
        pages = visitor().come_in(world.first(role))
        for form in forms_of(crawl(pages, "/")):
            sentences = {name: [f"One sentence in {name} <b>"] for name in text_controls(form)}
            rewind()
            sent = {**without_token(form), **sentences, "csrf_token": [pages.own_token()]}
            first, second = (
                pages.check(form.action, pages.client.post(form.action, data=sent))
                for _ in range(2)
            )
            if not sentences or first.status >= 400 or second.status not in {400, 409}:
                continue
            refused += 1
            shown = [value for form in second.forms for value in form.values.values()]
            for sentence in sentences.values():
                assert sentence in shown or sentence[0] in second.text, form.action
    assert refused
