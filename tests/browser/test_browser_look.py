"""What people see: contrast, focus, targets, narrow screens and paper, in a real browser."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from tests import factories
from tests.browser import looking
from tests.databases import writing
from webapp.core.roles import Role
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.models import RequestState
from webapp.matches.models import MatchState

pytestmark = [pytest.mark.browser, pytest.mark.long]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
SCHEMES = ("light", "dark")
PHONE, NARROWEST = {"width": 360, "height": 740}, {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}

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

# How many pixels of each table are seen only after scrolling to the side.
HIDDEN_COLUMNS = """() => [...document.querySelectorAll('.table-responsive')].map(
  around => around.scrollWidth - around.clientWidth)"""

# Words that are to be seen and begin beside the screen. Whoever listens alone has others there, and
# the bars of a drawing are as long as what a small world gives them.
BESIDE_THE_SCREEN = """() => [...document.querySelectorAll('main *')].filter(one =>
  [...one.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim()) &&
  one.checkVisibility() && !one.closest('.visually-hidden, .skip-link, svg') &&
  one.getBoundingClientRect().left < 0
).map(one => one.outerHTML.slice(0, 160))"""

# What has the focus, and how that is seen.
FOCUSED = """() => {
  const focused = document.activeElement, style = getComputedStyle(focused);
  return {tag: focused.tagName, name: focused.outerHTML.slice(0, 160), glow: style.boxShadow,
          seen: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2,
          outline: style.outlineColor};
}"""


def tour(
    chromium: Any, url: str, people: Iterable[tuple[str | None, list[str]]], **options: Any
) -> Iterator[tuple[Any, str]]:
    """Give each page of each of these people, in a browser of their own, and its address.

    Nothing on the pages moves, so that no check meets a colour on its way to another one.
    """
    for email, urls in people:
        with chromium.new_context(base_url=url, reduced_motion="reduce", **options) as context:
            page = context.new_page()
            if email:
                looking.sign_in(page, email)
            for address in urls:
                page.goto(address)
                yield page, address


def everybody(world: factories.World) -> list[tuple[str | None, list[str]]]:
    """Return a stranger and a person of each role, with the pages that they have."""
    known = [(world.first(role).email, urls) for role, urls in looking.addresses(world).items()]
    return [(None, looking.PUBLIC), *known]


def test_every_page_passes_the_checker_in_both_schemes(
    world: factories.World, chromium: Any, live_url: str
) -> None:
    faults, looked_at = [], 0
    for page, url in tour(chromium, live_url, everybody(world)):
        page.evaluate(OPEN_ALL)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            looked_at += 1
            for found in Axe().run(page).response["violations"]:
                where = [node["html"][:120] for node in found["nodes"][:3]]
                faults.append(f"{url} ({scheme}) {found['id']}: {where}")
    assert looked_at >= 75
    assert not faults, "\n".join(faults)


def test_the_pages_of_a_mission_that_is_over_pass_the_checker(
    app: Flask, world: factories.World, chromium: Any, live_url: str
) -> None:
    with writing(app) as session:
        # The state alone: a server of its own keeps the day of today.
        mission = session.get_one(Deployment, world.deployment_id)
        mission.state = DeploymentState.RETURNED
    reports = f"/deployments/{world.deployment_id}/reports"
    people: list[tuple[str | None, list[str]]] = [
        (world.first(Role.REQUESTER).email, [f"{reports}/requester", f"{reports}/follow-up"]),
        (world.first(Role.EXPERT).email, [f"{reports}/expert", f"{reports}/profile-entry"]),
        (world.first(Role.COORDINATOR).email, [reports]),
    ]
    for page, url in tour(chromium, live_url, people):
        page.evaluate(OPEN_ALL)
        found = Axe().run(page).response["violations"]
        assert not found, f"{url}: {[one['id'] for one in found]}"


def test_whatever_the_keyboard_reaches_has_one_outline(
    world: factories.World, chromium: Any, live_url: str
) -> None:
    faults, stops = [], 0
    for page, url in tour(chromium, live_url, everybody(world)):
        for _ in range(400):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused["tag"] == "BODY":
                break
            stops += 1
            if not focused["seen"] or focused["glow"] != "none":
                faults.append(f"{url}: {focused}")
    assert stops >= 600
    assert not faults, "\n".join(faults[:20])


def test_a_finger_meets_what_can_be_pressed_on_a_phone(
    world: factories.World, chromium: Any, live_url: str
) -> None:
    faults = []
    for page, url in tour(chromium, live_url, everybody(world), viewport=PHONE):
        page.evaluate(OPEN_ALL)
        faults += [f"{url}: {small}" for small in page.evaluate(SMALL_TARGETS)]
    assert not faults, "\n".join(faults)


def test_no_word_begins_beside_the_screen_of_a_phone(
    world: factories.World, chromium: Any, live_url: str
) -> None:
    faults = []
    for page, url in tour(chromium, live_url, everybody(world), viewport=PHONE):
        page.evaluate(OPEN_ALL)
        faults += [f"{url}: {found}" for found in page.evaluate(BESIDE_THE_SCREEN)]
    assert not faults, "\n".join(faults)


def test_no_endless_word_pushes_a_column_out_of_sight_on_a_desktop(
    app: Flask, chromium: Any, live_url: str
) -> None:
    with writing(app) as session:
        seen = looking.endless_words(session)
        people = [(account.email, urls) for account, urls in seen.values()]
    faults, tables = [], 0
    for page, url in tour(chromium, live_url, people, viewport=DESKTOP):
        hidden = page.evaluate(HIDDEN_COLUMNS)
        tables += len(hidden)
        faults += [f"{url}: {width} pixels" for width in hidden if width > 0]
    assert tables >= 2
    assert not faults, "\n".join(faults)


def test_no_endless_word_makes_a_page_wider_than_the_narrowest_screen(
    app: Flask, chromium: Any, live_url: str
) -> None:
    with writing(app) as session:
        seen = looking.endless_words(session)
        people = [(account.email, urls) for account, urls in seen.values()]
    faults = []
    for page, url in tour(chromium, live_url, people, viewport=NARROWEST):
        assert looking.WORD[:40] in page.content(), url
        page.evaluate(OPEN_ALL)
        width = page.evaluate("document.documentElement.scrollWidth")
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
    warnings = card.locator(".remarks > li:not(.folded-only)")
    seen = [one.is_visible() for one in warnings.all()]
    more = f"and {len(seen) - 2} more"
    assert seen[:2] == [True, True]
    assert seen[2:]
    assert not any(seen[2:])
    assert card.get_by_text(more, exact=True).is_visible()
    card.locator(".fold > summary").press("Enter")
    assert card.locator(".small-facts").is_visible()
    assert all(one.is_visible() for one in warnings.all())
    assert not card.get_by_text(more, exact=True).is_visible()
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


def test_paper_is_white_and_holds_nothing_to_press(
    world: factories.World, browser_page: Any
) -> None:
    page = browser_page
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


def test_labels_begin_with_a_capital_and_quoted_words_among_the_answers_as_they_were_written(
    browser_page: Any,
) -> None:
    page = browser_page
    page.goto("/")
    begins = page.evaluate("""() => {
      const facts = document.createElement('dl');
      facts.className = 'facts';
      facts.innerHTML = '<dt>what was done</dt><dd><dl><dt><span>b) draft</span></dt></dl></dd>';
      document.querySelector('main').append(facts);
      return [...facts.querySelectorAll('dt')].map(
        one => getComputedStyle(one, '::first-letter').textTransform);
    }""")
    assert begins == ["uppercase", "none"]
