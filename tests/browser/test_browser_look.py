"""What people see: contrast, focus, targets, narrow screens and paper, in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from tests import factories
from tests.browser import looking
from tests.databases import writing
from webapp.core.roles import Role
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState

pytestmark = [pytest.mark.browser, pytest.mark.long]
ROLES = [Role.REQUESTER, Role.EXPERT, Role.COORDINATOR, Role.ADMINISTRATOR]
SCHEMES = ("light", "dark")
PHONE, NARROWEST = {"width": 360, "height": 740}, {"width": 320, "height": 640}

# Everything that can be pressed and is no link within a sentence, smaller than 24 pixels each way.
SMALL_TARGETS = """() => [...document.querySelectorAll(
  'a[href], button, summary, select, textarea, input:not([type=hidden])')].filter(target => {
  if (!target.checkVisibility() || target.matches('.skip-link')) return false;
  const box = target.getBoundingClientRect();
  if (box.width >= 24 && box.height >= 24) return false;
  let block = target.parentElement;
  while (getComputedStyle(block).display === 'inline') block = block.parentElement;
  const alone = block.innerText.trim() === target.innerText.trim();
  return alone || getComputedStyle(target).display !== 'inline';
}).map(target => target.outerHTML.slice(0, 160))"""

# What has the focus: its name, whether it is the page's body, and the outline around it.
FOCUSED = """() => {
  const focused = document.activeElement, style = getComputedStyle(focused);
  return {tag: focused.tagName, name: focused.outerHTML.slice(0, 160), glow: style.boxShadow,
          seen: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2,
          outline: style.outlineColor};
}"""


@pytest.fixture
def page(world: factories.World, browser_page: Any) -> Any:
    """Return a page of a browser on the world; it makes no movement that a check could meet."""
    browser_page.emulate_media(reduced_motion="reduce")
    return browser_page


@pytest.fixture
def see(world: factories.World, page: Any) -> Callable[[Role | None], Iterator[str]]:
    """Return a function that brings the browser to each page of a role, or to the public ones."""

    def pages_of(role: Role | None) -> Iterator[str]:
        if role is None:
            return looking.visit(page, looking.PUBLIC)
        looking.sign_in(page, world.first(role).email)
        return looking.visit(page, looking.addresses(world)[role])

    return pages_of


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_page_passes_the_checker_in_both_schemes(
    role: Role | None, page: Any, see: Callable[[Role | None], Iterator[str]]
) -> None:
    faults = []
    for url in see(role):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for found in Axe().run(page).response["violations"]:
                where = [node["html"][:120] for node in found["nodes"][:3]]
                faults.append(f"{url} ({scheme}) {found['id']}: {where}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("role", "least"),
    [(None, 6), (Role.REQUESTER, 60), (Role.EXPERT, 60), (Role.COORDINATOR, 60),
     (Role.ADMINISTRATOR, 12)],
)  # fmt: skip
def test_whatever_the_keyboard_reaches_has_one_outline(
    role: Role | None,
    least: int,
    scheme: str,
    page: Any,
    see: Callable[[Role | None], Iterator[str]],
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    faults, stops = [], 0
    for url in see(role):
        for _ in range(400):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused["tag"] == "BODY":
                break
            stops += 1
            if not focused["seen"] or focused["glow"] != "none":
                faults.append(f"{url}: {focused}")
    assert stops >= least
    assert not faults, "\n".join(faults[:20])


@pytest.mark.parametrize("role", [None, *ROLES])
def test_a_finger_meets_what_can_be_pressed_on_a_phone(
    role: Role | None, page: Any, see: Callable[[Role | None], Iterator[str]]
) -> None:
    page.set_viewport_size(PHONE)
    faults = []
    for url in see(role):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        faults += [f"{url}: {small}" for small in page.evaluate(SMALL_TARGETS)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ROLES)
def test_no_endless_word_makes_a_page_wider_than_the_narrowest_screen(
    role: Role, app: Flask, browser_page: Any
) -> None:
    with writing(app) as session:
        people = {
            role: (account.email, urls)
            for role, (account, urls) in looking.endless_words(session).items()
        }
    browser_page.set_viewport_size(NARROWEST)
    email, urls = people[role]
    looking.sign_in(browser_page, email)
    faults = []
    for url in looking.visit(browser_page, urls):
        assert looking.WORD[:40] in browser_page.content(), url
        browser_page.evaluate(
            "document.querySelectorAll('details').forEach(one => one.open = true)"
        )
        width = browser_page.evaluate("document.documentElement.scrollWidth")
        if width > NARROWEST["width"]:
            faults.append(f"{url} is {width} pixels wide")
    assert not faults, "\n".join(faults)


def test_an_expert_in_the_ranking_takes_less_than_a_screen_of_a_phone(
    app: Flask, browser_page: Any
) -> None:
    with writing(app) as session:
        coordinator, urls = looking.endless_words(session)[Role.COORDINATOR]
        email = coordinator.email
    browser_page.set_viewport_size(PHONE)
    looking.sign_in(browser_page, email)
    browser_page.goto(next(url for url in urls if url.endswith("/matches")))
    card = browser_page.locator(".candidate").first
    assert card.bounding_box()["height"] <= PHONE["height"]
    assert not card.locator(".small-facts").is_visible()
    card.locator(".fold > summary").press("Enter")
    assert card.locator(".small-facts").is_visible()
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    assert not card.locator(".fold").is_visible()


def test_the_menu_folds_on_a_phone_and_opens_without_a_script(
    world: factories.World, chromium: Any, live_url: str
) -> None:
    context = chromium.new_context(base_url=live_url, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    looking.sign_in(page, world.first(Role.COORDINATOR).email)
    page.goto("/roster")
    here = page.locator(".site-nav [aria-current]")
    leave = page.get_by_role("button", name="Sign out")
    assert not here.is_visible()
    assert not leave.is_visible()
    page.locator(".site-header summary").press("Enter")
    assert here.inner_text() == "Roster"
    assert page.get_by_text(world.first(Role.COORDINATOR).name).is_visible()
    assert leave.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    assert not page.locator(".site-header summary").is_visible()
    assert here.is_visible()
    assert leave.is_visible()
    context.close()


def test_paper_is_white_and_holds_nothing_to_press(world: factories.World, page: Any) -> None:
    looking.sign_in(page, world.first(Role.COORDINATOR).email)
    page.emulate_media(color_scheme="dark", media="print")
    ranked = world.matches[MatchState.PROPOSED].request_id
    submitted = world.requests[RequestState.SUBMITTED].id
    for url in (f"/requests/{submitted}", f"/requests/{ranked}/matches", "/roster", "/queue"):
        page.goto(url)
        for unwanted in (".site-nav", ".sign-out", "button", ".btn", "summary", "select", "nav"):
            assert not page.locator(unwanted).filter(visible=True).count(), f"{url}: {unwanted}"
        colours = "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
        ground, _ = page.locator("body").evaluate(colours)
        assert ground == "rgb(255, 255, 255)"
        assert page.locator("h1").evaluate(colours)[1] == "rgb(0, 0, 0)"
    page.goto(f"/requests/{ranked}/matches")
    card = page.locator(".candidate").first
    assert card.locator(".small-facts").is_visible()
    assert card.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
