"""What requester, coordinator and expert do in their browsers for the conference in Bishkek."""

import re
from typing import Any

from tests.browser import bishkek

NAME = bishkek.EXPERT["name"]
TITLE = bishkek.REQUEST["title"]


def open_menu(page: Any, words: str) -> None:
    """Go to a page of the menu, which is folded on a telephone."""
    fold = page.locator("summary").filter(has_text="Menu")
    if fold.is_visible():
        fold.click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name=words, exact=True).click()


def open_work(page: Any, words: str) -> None:
    """Open what stands in the work queue under these words."""
    open_menu(page, "Work queue")
    # A request stands above what there is to do for it, so a line of the list holds many links.
    page.get_by_role("main").get_by_role("link", name=words).first.click()


def write_and_send(page: Any) -> None:
    """Write the request, save it as a draft, come back to it and send it."""
    open_menu(page, "My requests")
    page.get_by_role("link", name="Write your first request").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Objectives").fill(bishkek.REQUEST["objectives"])
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("heading", name=TITLE).wait_for()
    page.get_by_role("link", name="Go on writing").click()
    page.get_by_label("Kind of help").select_option(label="Speaker: at a conference or a seminar")
    page.get_by_label("Tasks").fill(bishkek.REQUEST["tasks"])
    _go_on(page, "For whom, and who can help")
    page.get_by_label("Audience").fill(bishkek.REQUEST["audience"])
    first = page.get_by_role("group", name="Language 1")
    first.get_by_label("Language").select_option(label="English")
    first.get_by_label("Level").select_option("B2")
    first.get_by_label("Needed how much").select_option(label="Required")
    _go_on(page, "When and where")
    page.locator("select#jurisdiction").select_option(label="Kyrgyzstan")
    page.get_by_label("Place").fill("Bishkek")
    page.get_by_label("First day").fill(bishkek.START.isoformat())
    page.get_by_label("Last day").fill(bishkek.END.isoformat())
    _go_on(page, "Practical matters and security")
    page.get_by_label("What exists locally").fill(bishkek.REQUEST["existing"])
    _go_on(page, "Whom to ask")
    page.get_by_role("button", name="Check the answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    page.get_by_role("button", name="Send to SEESAC").click()
    page.get_by_text("submitted").first.wait_for()


def _go_on(page: Any, part: str) -> None:
    """Save a part of the form and wait for the next one."""
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("group", name=part).wait_for()


def return_for_correction(page: Any) -> None:
    """Find the request in the queue and return it with a comment."""
    open_work(page, TITLE[:40])
    page.get_by_text("Return for correction").first.click()
    page.get_by_label("What has to be corrected").fill("Whom will the expert speak to?")
    page.get_by_role("button", name="Return for correction").click()
    page.get_by_text("returned", exact=True).first.wait_for()


def correct(page: Any) -> None:
    """Read the comment and send the request again."""
    open_menu(page, "My requests")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_text("Whom will the expert speak to?").first.wait_for()
    page.get_by_role("link", name="Correct and send again").first.click()
    page.get_by_label("Audience").fill(bishkek.REQUEST["audience"])
    page.get_by_role("button", name="Check and send again").click()
    page.get_by_role("button", name="Send to SEESAC").click()
    page.get_by_text("submitted").first.wait_for()


def accept_and_rank(page: Any) -> None:
    """Accept the terms of reference, look at who comes first and why, and shortlist two."""
    open_work(page, TITLE[:40])
    page.get_by_role("button", name="Accept the terms of reference").click()
    page.get_by_role("link", name="Experts for this request").click()
    first = page.locator(".candidate").first
    assert first.get_by_role("heading").inner_text() == NAME
    first.locator("mark").first.wait_for()
    told = first.inner_text().casefold()
    assert "women" in told
    assert "network" in told
    for place in (0, 1):
        page.locator(".candidate").nth(place).get_by_role("button", name="Shortlist").click()
        page.get_by_role("status").filter(has_text="is on the shortlist").wait_for()


def invite(page: Any) -> None:
    """Invite the inspector."""
    page.locator("#shortlist").get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("status").filter(has_text="is invited").wait_for()


def approve_and_propose(page: Any) -> None:
    """Approve without asking for release, once without the reason that this needs; propose."""
    open_work(page, NAME)
    page.get_by_role("link", name="Approve").click()
    page.get_by_label("Why the release").select_option("other")
    # The words are needed for this kind alone, which the browser does not know.
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Please say it in words").first.wait_for()
    page.get_by_label("In your own words").fill("Her minister named her for this conference.")
    page.get_by_role("button", name="Approve").click()
    said(page, "the days are booked")
    propose(page)


def propose(page: Any) -> None:
    """Propose those who are approved, from the page of one of them."""
    page.get_by_role("link", name="Propose the approved experts").click()
    for note in page.get_by_label("Why you propose this expert").all():
        note.fill("Has done the same in another administration, and still does it.")
    for summary in page.get_by_label("Summary in the requester's language").all():
        if not summary.input_value():
            summary.fill("Serves in this field, and has taught it.")
    page.get_by_role("button", name="Propose to the requester").click()
    said(page, "Proposed to the requester")


def say_yes(page: Any, title: str) -> None:
    """Answer an invitation with a yes."""
    open_menu(page, "Invitations")
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name="Yes, I am available").click()
    page.get_by_role("button", name="Yes, I am available").click()
    said(page, "Thank you")


def say_no(page: Any, title: str, kind: str) -> None:
    """Answer an invitation with a no of this kind."""
    open_menu(page, "Invitations")
    page.get_by_role("link", name=title).click()
    give_reason(page, "No, I cannot go", kind)
    said(page, "Thank you for answering")


def give_reason(page: Any, step: str, kind: str) -> None:
    """Take a step with a reason of this kind, in the form that the page unfolds for it."""
    page.locator("summary").filter(has_text=step).click()
    choose_kind(page, kind)
    page.get_by_role("button", name=step).click()


def choose_kind(page: Any, kind: str) -> None:
    """Choose the kind of a reason in the form that is open."""
    page.locator("select[name$='kind']:visible").select_option(kind)


def select(page: Any, name: str) -> None:
    """Select one of the experts proposed."""
    link_about(page, "Select", name).click()
    page.get_by_role("button", name="Select").click()
    said(page, f"{name} is selected")


def from_draft_to_deployment(requester: Any, coordinator: Any, expert: Any) -> None:
    """Let three people, each with a page of their own, do all that is theirs to do."""
    write_and_send(requester)
    return_for_correction(coordinator)
    correct(requester)
    accept_and_rank(coordinator)
    invite(coordinator)

    say_yes(expert, TITLE)

    approve_and_propose(coordinator)
    see_proposal(requester, TITLE)
    assert "@example.org" not in requester.locator("article").inner_text()
    select(requester, NAME)
    assert "@example.org" in requester.locator("article").inner_text()

    for person in (requester, coordinator, expert):
        open_menu(person, "Deployments")
        assert NAME in person.locator(".deployments").inner_text()
        assert "5–6 November 2031" in person.locator(".deployments").inner_text()
    coordinator.locator(".deployments").get_by_role("link", name=TITLE).first.click()
    coordinator.get_by_role("link", name="Experts for this request").click()
    coordinator.locator("#shortlist").get_by_role("link", name=NAME).click()
    story = coordinator.locator(".timeline").inner_text()
    for step in ("put", "invited", "accepted", "approved", "proposed", "selected", "calendar"):
        assert re.search(step, story, re.IGNORECASE), f"{step} is missing in {story}"


def link_about(page: Any, words: str, what: str) -> Any:
    """Return the link of these words whose readers on a screen reader hear what it is about."""
    return page.get_by_role("link", name=re.compile(rf"^{re.escape(words)}\s*: {re.escape(what)}$"))


def said(page: Any, words: str) -> None:
    """Wait until the platform says that something is done."""
    page.get_by_role("status").filter(has_text=words).first.wait_for()


def press_without_connection(page: Any, button: str) -> None:
    """Press a button while there is no connection, and open the page anew once it is there."""
    address = page.url
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name=button).first.click(no_wait_after=True)
    # The browser itself says that there is no connection.
    page.wait_for_function("location.protocol === 'chrome-error:'")
    page.context.set_offline(False)
    page.goto(address)
    page.get_by_role("button", name=button).first.wait_for()


def see_proposal(page: Any, title: str) -> None:
    """Go from the list of one's requests to the experts who are proposed."""
    open_menu(page, "My requests")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("link", name="See the experts proposed").first.click()
    page.get_by_role("heading", name="Experts proposed to you").wait_for()
